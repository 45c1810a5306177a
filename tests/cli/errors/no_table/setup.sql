-- SPDX-License-Identifier: Apache-2.0
drop table "LiteLLM_SpendLogs" cascade;
