-- marker.sql — what metadata says a foreign answer really was, or :reason: the expression :reason when markers are read.
--
-- metadata is about 5 kB and out of line, so this is evaluated for candidate rows only. Newer LiteLLM writes these
-- fields into every row; versions before August 2026 write none of them (docs/litellm-rows.md). router_metadata is not
-- among them: it describes the deployment that answered, whoever's it is. An empty routing_decision decided nothing.
case
    when coalesce(metadata ->> 'attempted_fallbacks', '0') <> '0' then 'fallback'
    when metadata ->> 'attempted_fallbacks' is null
         and metadata ->> 'original_model_group' <> model_group then 'fallback'
    when metadata ->> 'internal_call_origin' <> '' then 'internal-call'
    when metadata ->> 'routing_decision' not in ('', '{}', '[]', 'false') then 'auto-router'
    else ''
end
