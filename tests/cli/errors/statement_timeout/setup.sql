-- SPDX-License-Identifier: Apache-2.0
alter table "LiteLLM_SpendLogs" rename to kept; create view "LiteLLM_SpendLogs" as select kept.* from kept, pg_sleep(2);
