-- SPDX-License-Identifier: Apache-2.0
-- One row that takes two seconds to read.
select add_row('2026-11-22 20:29:59.5', 'claude.goodvision.tech', 'jms-test', 'anthropic', 'api.anthropic.com');
alter table "LiteLLM_SpendLogs" rename to kept;
create function slow(at timestamp) returns boolean language sql volatile as $$ select pg_sleep(2) is not null $$;
create view "LiteLLM_SpendLogs" as select * from kept where slow("startTime");
