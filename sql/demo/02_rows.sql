-- SPDX-License-Identifier: Apache-2.0
--
-- One day of a fleet of three: the eight requests of the incident, which all entered at claude.goodvision.tech within a
-- minute, and before them the clean traffic of the two other instances. Times are relative to now(), so that everything
-- lies within the last 24 hours whenever this is loaded. Cache hits, failures and health checks are there to be left
-- out; none of them names claude.goodvision.tech, so that it has the eight requests of the incident and no other.
--
-- What stands in messages, response and proxy_server_request starts with PROMPT-CANARY: no report may ever show it.

begin;
set local time zone 'UTC';

-- An instance: where its clients enter, and the backend it is configured for.
create temporary table instance (
    name text,
    host text,
    client text,     -- User-Agent
    key_alias text,
    provider text,
    api_base text,
    call_type text,
    id_prefix text   -- of the ids that its upstream gives to responses
) on commit drop;
insert into instance values
    ('claude', 'claude.goodvision.tech', 'claude-cli/2.1.3 (external, cli)', 'jms-test',
        'anthropic', 'https://api.anthropic.com/v1/messages', 'anthropic_messages', 'msg_01'),
    ('kelly', 'llm.goodvision.tech', 'OpenAI/Python 1.99.1', 'goodvision-backend',
        'openai', 'https://kellycloudai.com/v1/', 'acompletion', 'chatcmpl-'),
    ('yxaiapp', 'ai.goodvision.tech', 'OpenAI/Python 1.99.1', 'office-chat',
        'openai', 'https://yxaiapp.com/v1/', 'acompletion', 'chatcmpl-');

-- A request: how long ago it started, where it entered, who answered, and what came of it.
create temporary table request (
    ago interval,
    entered text,
    answered text,
    model text,
    prompt_tokens integer,
    completion_tokens integer,
    spend numeric,   -- US dollars, as LiteLLM computed it; null: it has a price for the model, see below
    kind text        -- answered, cache-hit, failure, health-check
) on commit drop;
insert into request values
    -- The incident, oldest first: A K Y A K Y A K.
    ('30 min 57 s', 'claude', 'claude', 'claude-opus-4-6', 2359, 168, 0.016, 'answered'),
    ('30 min 51 s', 'claude', 'kelly', 'claude-opus-4-6', 9022, 221, 0, 'answered'),
    ('30 min 43 s', 'claude', 'yxaiapp', 'claude-opus-4-6', 104, 26, 0, 'answered'),
    ('30 min 32 s', 'claude', 'claude', 'claude-opus-4-6', 12194, 161, 0.065, 'answered'),
    ('30 min 26 s', 'claude', 'kelly', 'claude-opus-4-6', 13251, 247, 0, 'answered'),
    ('30 min 18 s', 'claude', 'yxaiapp', 'claude-opus-4-6', 139, 29, 0, 'answered'),
    ('30 min 9 s', 'claude', 'claude', 'claude-opus-4-6', 14116, 217, 0.076, 'answered'),
    ('30 min', 'claude', 'kelly', 'claude-opus-4-6', 15312, 321, 0, 'answered'),
    -- Clean traffic of kelly, until shortly before the deploy that brought the fault.
    ('21 h 14 min 3 s', 'kelly', 'kelly', 'gpt-4o-mini', 812, 164, null, 'answered'),
    ('20 h 51 min 38 s', 'kelly', 'kelly', 'gpt-4o-mini', 1240, 98, null, 'answered'),
    ('19 h 2 min 11 s', 'kelly', 'kelly', 'gpt-4o-mini', 644, 301, null, 'answered'),
    ('17 h 47 min 52 s', 'kelly', 'kelly', 'gpt-4o-mini', 2210, 412, null, 'answered'),
    ('15 h 33 min 29 s', 'kelly', 'kelly', 'gpt-4o-mini', 389, 57, null, 'answered'),
    ('14 h 8 min 40 s', 'kelly', 'kelly', 'gpt-4o-mini', 1978, 223, null, 'answered'),
    ('11 h 56 min 17 s', 'kelly', 'kelly', 'gpt-4o-mini', 705, 140, null, 'answered'),
    ('9 h 21 min 5 s', 'kelly', 'kelly', 'gpt-4o-mini', 3051, 508, null, 'answered'),
    ('7 h 44 min 31 s', 'kelly', 'kelly', 'gpt-4o-mini', 918, 76, null, 'answered'),
    ('6 h 12 min 48 s', 'kelly', 'kelly', 'gpt-4o-mini', 1466, 219, null, 'answered'),
    ('4 h 39 min 22 s', 'kelly', 'kelly', 'gpt-4o-mini', 530, 188, null, 'answered'),
    ('3 h 5 min 54 s', 'kelly', 'kelly', 'gpt-4o-mini', 1127, 95, null, 'answered'),
    ('20 h 51 min 36 s', 'kelly', 'kelly', 'gpt-4o-mini', 1240, 98, 0, 'cache-hit'),
    ('9 h 20 min 12 s', 'kelly', 'kelly', 'gpt-4o-mini', 3051, 508, 0, 'cache-hit'),
    ('14 h 9 min 2 s', 'kelly', 'kelly', 'gpt-4o-mini', 0, 0, 0, 'failure'),
    ('6 h 13 min 10 s', 'kelly', 'kelly', 'gpt-4o-mini', 0, 0, 0, 'failure'),
    -- Clean traffic of yxaiapp; its key has been deleted since.
    ('16 h 27 min 9 s', 'yxaiapp', 'yxaiapp', 'gpt-4o-mini', 274, 311, null, 'answered'),
    ('13 h 41 min 55 s', 'yxaiapp', 'yxaiapp', 'gpt-4o-mini', 951, 402, null, 'answered'),
    ('10 h 18 min 33 s', 'yxaiapp', 'yxaiapp', 'gpt-4o-mini', 1503, 127, null, 'answered'),
    ('5 h 2 min 46 s', 'yxaiapp', 'yxaiapp', 'gpt-4o-mini', 688, 245, null, 'answered'),
    -- LiteLLM's own health checks name no host and no deployment.
    ('12 h', 'claude', 'claude', 'claude-opus-4-6', 8, 5, 0, 'health-check'),
    ('12 h 1 s', 'kelly', 'kelly', 'gpt-4o-mini', 8, 5, 0, 'health-check');

insert into "LiteLLM_TeamTable" (team_id, team_alias, models)
values ('6f0c6f3e-52a7-4a0e-9d0b-3f1f6a9f2c11', 'platform', '{}');

-- The hash under which LiteLLM stores a virtual key. The keys themselves exist nowhere.
create function pg_temp.key_hash(alias text) returns text language sql immutable as
    $$ select encode(sha256(convert_to('demonstration key ' || alias, 'UTF8')), 'hex') $$;

insert into "LiteLLM_VerificationToken" (token, key_name, key_alias, user_id, team_id, models)
select pg_temp.key_hash(key_alias), 'sk-...' || left(pg_temp.key_hash(name), 4), key_alias, 'default_user_id',
    '6f0c6f3e-52a7-4a0e-9d0b-3f1f6a9f2c11', '{}'
from instance where name <> 'yxaiapp';

insert into "LiteLLM_DeletedVerificationToken" (id, token, key_name, key_alias, user_id, deleted_at, deleted_by)
select md5(name)::uuid, pg_temp.key_hash(key_alias), 'sk-...' || left(pg_temp.key_hash(name), 4), key_alias,
    'default_user_id', now() at time zone 'UTC' - interval '2 hours', 'default_user_id'
from instance where name = 'yxaiapp';

-- What LiteLLM's price list says of a model, in US dollars a token. It knows claude-opus-4-6 of anthropic only:
-- the same name behind another provider has no price, and so no cost.
create function pg_temp.price_entry(model text, provider text) returns jsonb language sql immutable as $$
    select jsonb_build_object('key', model, 'litellm_provider', provider, 'mode', 'chat',
        'max_tokens', output_limit, 'max_input_tokens', input_limit, 'max_output_tokens', output_limit,
        'input_cost_per_token', input_cost, 'output_cost_per_token', output_cost,
        'cache_creation_input_token_cost', cache_write_cost, 'cache_read_input_token_cost', input_cost / 10,
        'input_cost_per_character', null, 'input_cost_per_token_above_128k_tokens', null,
        'input_cost_per_token_above_200k_tokens', null, 'input_cost_per_query', null, 'input_cost_per_second', null,
        'input_cost_per_audio_token', null, 'input_cost_per_token_batches', null,
        'output_cost_per_token_batches', null, 'output_cost_per_audio_token', null, 'output_cost_per_character', null,
        'output_cost_per_reasoning_token', null, 'output_cost_per_image', null, 'output_cost_per_second', null,
        'output_vector_size', null, 'citation_cost_per_token', null, 'tiered_pricing', null,
        'supports_system_messages', true, 'supports_response_schema', true, 'supports_vision', true,
        'supports_function_calling', true, 'supports_tool_choice', true, 'supports_assistant_prefill', false,
        'supports_prompt_caching', true, 'supports_audio_input', false, 'supports_audio_output', false,
        'supports_pdf_input', true, 'supports_embedding_image_input', false, 'supports_native_streaming', null,
        'supports_web_search', false, 'supports_url_context', false, 'supports_reasoning', false,
        'supports_computer_use', false, 'search_context_cost_per_query', null, 'tpm', null, 'rpm', null,
        'supported_openai_params', '["stream", "max_tokens", "temperature", "tools", "tool_choice"]'::jsonb)
    from (values
        ('claude-opus-4-6', 'anthropic', 200000, 64000, 0.000005, 0.000025, 0.00000625),
        ('gpt-4o-mini', 'openai', 128000, 16384, 0.00000015, 0.0000006, null)
    ) price (priced_model, priced_provider, input_limit, output_limit, input_cost, output_cost, cache_write_cost)
    where priced_model = model and priced_provider = provider
$$;

-- Everything of a request that more than one column tells.
create temporary table told on commit drop as
select request.*,
    md5(format('%s %s %s', ago, entered, kind)) as fingerprint,
    date_trunc('milliseconds', now() at time zone 'UTC') - ago as started,
    make_interval(secs => case kind when 'cache-hit' then 0.021 else 0.640 + 0.018 * completion_tokens end) as took,
    entry.host, entry.client, entry.key_alias,
    kind = 'health-check' as is_check,
    case kind when 'health-check' then 'litellm-internal-health-check' else pg_temp.key_hash(entry.key_alias) end
        as api_key,
    backend.provider, backend.api_base, backend.call_type, backend.id_prefix,
    pg_temp.price_entry(model, backend.provider) as price
from request
join instance entry on entry.name = entered
join instance backend on backend.name = answered;

update told set spend = prompt_tokens * (price ->> 'input_cost_per_token')::numeric
    + completion_tokens * (price ->> 'output_cost_per_token')::numeric
where spend is null;

create function pg_temp.metadata(told) returns jsonb language sql immutable as $$
    select jsonb_build_object(
        'user_api_key', $1.api_key,
        'user_api_key_alias', case when $1.is_check then $1.api_key else $1.key_alias end,
        'user_api_key_team_id',
            case when $1.is_check then $1.api_key else '6f0c6f3e-52a7-4a0e-9d0b-3f1f6a9f2c11' end,
        'user_api_key_team_alias', case when $1.is_check then $1.api_key else 'platform' end,
        'user_api_key_user_id', 'default_user_id',
        'user_api_key_org_id', null, 'user_api_key_project_id', null, 'user_api_key_project_alias', null,
        'spend_logs_metadata', null,
        'requester_ip_address', '10.42.0.1',
        'status', case $1.kind when 'failure' then 'failure' end,
        'error_information', case $1.kind when 'failure' then jsonb_build_object(
            'error_code', '429', 'error_class', 'RateLimitError', 'llm_provider', $1.provider,
            'error_message', 'rate limit reached', 'traceback', '') end,
        'proxy_server_request', null, 'batch_models', null, 'applied_guardrails', '[]'::jsonb,
        'guardrail_information', null, 'mcp_tool_call_metadata', null, 'vector_store_request_metadata', null,
        'cold_storage_object_key', null,
        'usage_object', jsonb_build_object('prompt_tokens', $1.prompt_tokens,
            'completion_tokens', $1.completion_tokens, 'total_tokens', $1.prompt_tokens + $1.completion_tokens),
        'additional_usage_values', '{}'::jsonb,
        'model_map_information', jsonb_build_object('model_map_key', $1.model, 'model_map_value', $1.price),
        'litellm_overhead_time_ms', 11.42, 'attempted_retries', 0, 'max_retries', 2, 'cost_breakdown', null,
        'litellm_call_id', $1.fingerprint::uuid,
        'attempted_fallbacks', 0, 'original_model_group', $1.model,
        'internal_call_origin', null, 'routing_decision', null)
$$;

insert into "LiteLLM_SpendLogs" (
    request_id, call_type, api_key, spend, total_tokens, prompt_tokens, completion_tokens,
    "startTime", "endTime", "completionStartTime",
    model, model_id, model_group, custom_llm_provider, api_base, "user", metadata, cache_hit, cache_key, request_tags,
    team_id, end_user, requester_ip_address, messages, response, proxy_server_request,
    session_id, status, request_duration_ms, litellm_call_id)
select
    -- LiteLLM marks the id of a response from its cache with the second it was served in.
    case kind
        when 'cache-hit' then format('%s%s_cache_hit%s', id_prefix, left(fingerprint, 24),
            extract(epoch from started)::bigint)
        when 'failure' then fingerprint::uuid::text
        else id_prefix || left(fingerprint, 24)
    end,
    call_type, api_key, spend, prompt_tokens + completion_tokens, prompt_tokens, completion_tokens,
    started, started + took, case when kind <> 'failure' then started + took / 2 end,
    case when is_check then model else provider || '/' || model end,
    case when kind in ('failure', 'health-check') then ''
        else encode(sha256(convert_to('deployment ' || answered, 'UTF8')), 'hex') end,
    case when is_check then '' else model end,
    case kind when 'failure' then '' else provider end,
    case when kind in ('failure', 'cache-hit') then '' else api_base end,
    'default_user_id', pg_temp.metadata(told),
    case kind when 'cache-hit' then 'True' else 'None' end,
    case kind when 'cache-hit' then md5(model) else 'Cache OFF' end,
    case when is_check then jsonb_build_array(api_key)
        else jsonb_build_array('User-Agent: ' || split_part(client, '/', 1), 'User-Agent: ' || client, 'host: ' || host)
    end,
    case when is_check then api_key else '6f0c6f3e-52a7-4a0e-9d0b-3f1f6a9f2c11' end,
    '', case when is_check then '' else '10.42.0.1' end,
    jsonb_build_object('content', 'PROMPT-CANARY-messages-' || fingerprint),
    jsonb_build_object('content', 'PROMPT-CANARY-response-' || fingerprint),
    jsonb_build_object('model', model, 'content', 'PROMPT-CANARY-request-' || fingerprint),
    md5('session ' || fingerprint)::uuid, case kind when 'failure' then 'failure' else 'success' end,
    round(extract(epoch from took) * 1000)::integer, fingerprint::uuid
from told;

-- LiteLLM's daily sums of the same rows.
insert into "LiteLLM_DailyUserSpend" (id, user_id, date, api_key, model, model_group, custom_llm_provider,
    mcp_namespaced_tool_name, endpoint, prompt_tokens, completion_tokens, spend, api_requests, successful_requests,
    failed_requests)
select gen_random_uuid(), "user", to_char("startTime", 'YYYY-MM-DD'), api_key, model, min(model_group),
    custom_llm_provider, '', '', sum(prompt_tokens), sum(completion_tokens), sum(spend), count(*),
    count(*) filter (where status = 'success'), count(*) filter (where status = 'failure')
from "LiteLLM_SpendLogs"
group by "user", to_char("startTime", 'YYYY-MM-DD'), api_key, model, custom_llm_provider;

insert into "LiteLLM_DailyTagSpend" (id, request_id, tag, date, api_key, model, model_group, custom_llm_provider,
    mcp_namespaced_tool_name, endpoint, prompt_tokens, completion_tokens, spend, api_requests, successful_requests,
    failed_requests)
select gen_random_uuid(), min(request_id), tag, to_char("startTime", 'YYYY-MM-DD'), api_key, model, min(model_group),
    custom_llm_provider, '', '', sum(prompt_tokens), sum(completion_tokens), sum(spend), count(*),
    count(*) filter (where status = 'success'), count(*) filter (where status = 'failure')
from "LiteLLM_SpendLogs", jsonb_array_elements_text(request_tags) tag
group by tag, to_char("startTime", 'YYYY-MM-DD'), api_key, model, custom_llm_provider;

commit;
analyze;
