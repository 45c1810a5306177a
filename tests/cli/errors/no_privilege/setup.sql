-- SPDX-License-Identifier: Apache-2.0
create role reader_of_nothing login;
