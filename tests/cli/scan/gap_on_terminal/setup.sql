-- SPDX-License-Identifier: Apache-2.0
-- The incident, and before it a row of another host that takes five seconds to read: with a short timeout the slice that
-- counts it is a gap. What is read of claude's host alone does not meet it.
select add_incident();
select add_row('2026-11-22 20:26:00', 'llm.goodvision.tech', 'kelly-app', 'openai', 'kellycloudai.com');
alter table "LiteLLM_SpendLogs" rename to kept;
create function quick(at timestamp) returns boolean language plpgsql volatile cost 1000000 as $$
begin
    if at = '2026-11-22 20:26:00' then
        perform pg_sleep(5);
    end if;
    return true;
end $$;
create view "LiteLLM_SpendLogs" as select * from kept where quick("startTime");
