-- SPDX-License-Identifier: Apache-2.0
--
-- The spend log of script/bench: :rows rows over the 30 days before 2026-11-24, of :keys keys (200) at three hosts, in
-- order of time as LiteLLM writes them. metadata is about 5 kB and out of line, as reported for LiteLLM 1.92 (#41499: 5.9 million
-- rows are 26.3 GB, 19.0 of them out of line, so about 1 kB a row is left for the heap); end_user is what Claude Code sends.
-- In the last tenth of the days the requests of one host are answered by three instances in turns. Run after
-- sql/demo/01_schema.sql.
--
--   psql -v rows=2000000 -f bench/table.sql

\set ON_ERROR_STOP on
\if :{?keys}
\else
    \set keys 200
\endif

alter table "LiteLLM_SpendLogs" set unlogged;
alter table "LiteLLM_SpendLogs" set (autovacuum_enabled = off);
alter table "LiteLLM_SpendLogs" alter column metadata set storage external;
alter table "LiteLLM_SpendLogs" drop constraint "LiteLLM_SpendLogs_pkey";
drop index "LiteLLM_SpendLogs_startTime_idx", "LiteLLM_SpendLogs_end_user_idx", "LiteLLM_SpendLogs_session_id_idx",
    "LiteLLM_SpendLogs_startTime_request_id_idx";

create temporary table instances as
select *
from (values (0, 'kelly', 'llm.goodvision.tech', 'openai', 'kellycloudai.com', 'https://kellycloudai.com/v1/'),
             (1, 'yxaiapp', 'ai.goodvision.tech', 'openai', 'yxaiapp.com', 'https://yxaiapp.com/v1/'),
             (2, 'claude', 'claude.goodvision.tech', 'anthropic', 'api.anthropic.com',
              'https://api.anthropic.com/v1/messages')) as v(number, name, host, provider, upstream, api_base);

create temporary table models as
select *
from (values (0, 'claude-opus-4-6'), (1, 'claude-sonnet-4-6'), (2, 'gpt-5-mini')) as v(number, model);

-- One document of 5 kB: what LiteLLM writes for a priced row is mostly its entry of the price map.
create temporary table documents as
select jsonb_build_object('status', null, 'attempted_fallbacks', 0, 'original_model_group', null,
           'internal_call_origin', null, 'routing_decision', null,
           'model_map_information', (select jsonb_object_agg('input_cost_per_token_of_tier_' || i, md5(i::text))
                                     from generate_series(1, 120) i)) as metadata;

insert into "LiteLLM_SpendLogs" (request_id, call_type, api_key, spend, total_tokens, prompt_tokens, completion_tokens,
    "startTime", "endTime", model, model_id, model_group, custom_llm_provider, api_base, "user", metadata, cache_hit,
    cache_key, request_tags, team_id, end_user, requester_ip_address, session_id, status, organization_id,
    request_duration_ms, litellm_call_id)
select 'chatcmpl-' || md5(n::text),
       'acompletion',
       encode(sha256(('key-' || key)::bytea), 'hex'),
       case when entered_provider = 'anthropic' and provider = 'openai' then 0
            else round((0.004 + n % 97 * 0.0007)::numeric, 6)::float8 end,
       1000 + n % 9000, 900 + n % 9000, 100,
       at, at + interval '3.2 s',
       provider || '/' || model,
       encode(sha256(upstream::bytea), 'hex'),
       model,
       provider,
       api_base,
       md5('user-' || key)::uuid::text,
       (select metadata from documents),
       'None',
       encode(sha256((n % 500000)::text::bytea), 'hex') || ':litellm:redis:cache',
       jsonb_build_array('User-Agent: claude-cli', 'User-Agent: claude-cli/2.1.3 (external, cli)',
                         'host: ' || host),
       md5('team-' || key % 7)::uuid::text,
       'user_' || encode(sha256(('user-' || n % 1000)::bytea), 'hex') || '_account_' || md5('account')::uuid::text ||
           '_session_' || md5((n / 7)::text)::uuid::text,
       '10.42.3.' || n % 250,
       md5((n / 7)::text)::uuid::text,
       'success',
       md5('organization')::uuid::text,
       3200, md5('call-' || n)::uuid::text
from (
    select n,
           key,
           '2026-10-25'::timestamp + n * (interval '30 days' / :rows) as at,
           entered.host as host,
           entered.provider as entered_provider,
           answered.provider as provider,
           answered.upstream as upstream,
           answered.api_base as api_base,
           model
    from generate_series(0, :rows - 1::bigint) as n
    cross join lateral (select n * 7919 % :keys as key) as request
    join instances as entered on entered.number = key % 3
    join instances as answered
        on answered.number = case when entered.number = 2 and n >= :rows * 0.9::float8 then n / 3 % 3 else entered.number end
    join models on models.number = n % 3
    order by n -- joins do not keep the order; sorted here, where rows are still narrow
    offset 0
) as request;

insert into "LiteLLM_VerificationToken" (token, key_alias)
select encode(sha256(('key-' || key)::bytea), 'hex'), 'key-' || key from generate_series(0, :keys - 1) as key;

alter table "LiteLLM_SpendLogs" add primary key (request_id);
create index "LiteLLM_SpendLogs_startTime_idx" on "LiteLLM_SpendLogs" ("startTime");
create index "LiteLLM_SpendLogs_end_user_idx" on "LiteLLM_SpendLogs" (end_user);
create index "LiteLLM_SpendLogs_startTime_request_id_idx" on "LiteLLM_SpendLogs" ("startTime", request_id);
vacuum (analyze) "LiteLLM_SpendLogs";
