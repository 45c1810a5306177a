-- SPDX-License-Identifier: Apache-2.0
--
-- :rows rows over one day in which every request has a hostname, a model and a key of its own, one in a thousand of
-- them 10 kB long, and one in ten enters at a configured host. Run after sql/demo/01_schema.sql.
insert into "LiteLLM_SpendLogs" (request_id, call_type, api_key, spend, total_tokens, "startTime", "endTime", model,
                                 model_id, model_group, custom_llm_provider, api_base, request_tags)
select n::text, 'acompletion', encode(sha256(n::text::bytea), 'hex'), 0.001, 10, at, at, 'openai/' || name,
       md5(name), name, 'openai', 'https://kellycloudai.com/v1/',
       jsonb_build_array('host: ' || case when n % 10 = 0 then 'claude.goodvision.tech' else name || '.example' end)
from generate_series(1, :rows) as n
cross join lateral (
    select '2026-11-23'::timestamp + n * (interval '1 day' / (:rows + 1)) as at,
           'name' || n || case when n % 1000 = 1 then repeat('x', 10000) else '' end as name
) as request;
analyze "LiteLLM_SpendLogs";
