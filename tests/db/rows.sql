-- SPDX-License-Identifier: Apache-2.0
--
-- add_row(…): one row of "LiteLLM_SpendLogs" as LiteLLM writes it, for tests. `more` overrides any column.
create sequence row_number;

create function add_row(at timestamp, host text, key text, provider text, upstream text, tokens int default 1000,
                        spend float8 default 0.01, model text default 'claude-opus-4-6', more jsonb default '{}')
returns void language sql as $$
insert into "LiteLLM_SpendLogs"
select *
from jsonb_populate_record(null::"LiteLLM_SpendLogs", jsonb_build_object(
    'request_id', 'chatcmpl-' || lpad(nextval('row_number')::text, 6, '0'),
    'call_type', 'acompletion',
    'api_key', encode(sha256(key::bytea), 'hex'),
    'spend', spend,
    'total_tokens', tokens, 'prompt_tokens', tokens, 'completion_tokens', 0,
    'startTime', at, 'endTime', at + interval '2 s',
    'model', provider || '/' || model,
    'model_id', encode(sha256(upstream::bytea), 'hex'),
    'model_group', model,
    'custom_llm_provider', provider,
    'api_base', 'https://' || upstream || '/v1/',
    'metadata', '{"status": null}'::jsonb,
    'cache_hit', 'None',
    'request_tags', case when host is null then '[]'::jsonb
                         else jsonb_build_array('User-Agent: claude-cli', 'host: ' || host) end,
    'messages', '{"text": "PROMPT-CANARY"}'::jsonb,
    'response', '{"text": "PROMPT-CANARY"}'::jsonb,
    'proxy_server_request', '{"text": "PROMPT-CANARY"}'::jsonb,
    'status', 'success', 'team_id', '', 'end_user', '', 'user', '') || more)
$$;

-- The incident: eight requests of claude in the order A K Y A K Y A K, oldest first.
create function add_incident(tagged boolean default true, prefixed boolean default true)
returns void language sql as $$
select add_row(('2026-11-22 20:28:' || lpad(s::text, 2, '0'))::timestamp + make_interval(mins => m),
               case when tagged then 'claude.goodvision.tech' end, 'jms-test', p, u, t, c, 'claude-opus-4-6',
               case when prefixed then '{}' else '{"model": "claude-opus-4-6"}'::jsonb end)
from (values (0, 15, 'anthropic', 'api.anthropic.com', 2527, 0.016::float8),
             (0, 21, 'openai', 'kellycloudai.com', 9243, 0),
             (0, 29, 'openai', 'yxaiapp.com', 130, 0),
             (0, 40, 'anthropic', 'api.anthropic.com', 12355, 0.065),
             (0, 46, 'openai', 'kellycloudai.com', 13498, 0),
             (0, 54, 'openai', 'yxaiapp.com', 168, 0),
             (1, 3, 'anthropic', 'api.anthropic.com', 14333, 0.076),
             (1, 12, 'openai', 'kellycloudai.com', 15633, 0)) as incident(m, s, p, u, t, c)
$$;

insert into "LiteLLM_VerificationToken" (token, key_alias)
select encode(sha256(alias::bytea), 'hex'), alias from unnest(array['jms-test', 'kelly-app', 'yx-app', 'claude-cli']) alias;

-- Clean requests of an instance, ten seconds apart, from ten seconds after `first` on.
create function add_clean(requests int, host text, key text, provider text, upstream text,
                          first timestamp default '2026-11-22 20:10:00')
returns void language sql as $$
select add_row(first + make_interval(secs => 10 * i), host, key, provider, upstream) from generate_series(1, requests) i
$$;

-- After the incident: a request of claude every half minute from 20:32 on, dealt out to three in turn, one in three at home.
create function add_dealt(requests int)
returns void language sql as $$
select add_row('2026-11-22 20:32:00'::timestamp + make_interval(secs => 30 * i), 'claude.goodvision.tech', 'jms-test', p, u, 900,
               case when p = 'anthropic' then 0.01 else 0 end)
from generate_series(0, requests - 1) i,
     lateral (select (array['openai', 'openai', 'anthropic'])[i % 3 + 1] as p,
                     (array['kellycloudai.com', 'yxaiapp.com', 'api.anthropic.com'])[i % 3 + 1] as u) as answer
$$;
