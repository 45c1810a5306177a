-- SPDX-License-Identifier: Apache-2.0
select add_incident();
