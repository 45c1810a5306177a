-- Three days of roll-ups and no log: claude's host was answered by openai on the 21st and 22nd; a tool was called too.
insert into "LiteLLM_DailyTagSpend" (id, tag, date, api_key, model, custom_llm_provider, mcp_namespaced_tool_name,
                                     prompt_tokens, spend, api_requests, successful_requests, failed_requests)
select md5(t::text), t.*
from (values ('host: claude.goodvision.tech', '2026-11-20', encode(sha256('jms-test'), 'hex'), 'claude-opus-4-6', 'anthropic', '', 9000, 0.9, 100, 98, 2),
             ('host: claude.goodvision.tech', '2026-11-21', encode(sha256('jms-test'), 'hex'), 'claude-opus-4-6', 'anthropic', '', 9000, 0.9, 60, 60, 0),
             ('host: claude.goodvision.tech', '2026-11-21', encode(sha256('jms-test'), 'hex'), 'openai/claude-opus-4-6', 'openai', '', 4000, 0, 40, 40, 0),
             ('host: claude.goodvision.tech', '2026-11-22', encode(sha256('jms-test'), 'hex'), 'openai/claude-opus-4-6', 'openai', '', 4000, 0, 41, 40, 1),
             ('host: claude.goodvision.tech', '2026-11-22', encode(sha256('jms-test'), 'hex'), '', '', 'tools/search', 0, 0, 7, 7, 0),
             ('host: llm.goodvision.tech', '2026-11-22', encode(sha256('kelly-app'), 'hex'), 'gpt-5-mini', 'openai', '', 500, 0.1, 10, 10, 0),
             ('User-Agent: claude-cli', '2026-11-22', encode(sha256('jms-test'), 'hex'), 'gpt-5-mini', 'openai', '', 500, 0.1, 10, 10, 0)
     ) t(tag, date, api_key, model, provider, tool, tokens, spend, requests, successful, failed);
