insert into "LiteLLM_DailyUserSpend" (id, date, api_key, model, custom_llm_provider, prompt_tokens, spend, api_requests,
                                      successful_requests)
select md5(t::text), t.*
from (values ('2026-11-20', encode(sha256('jms-test'), 'hex'), 'anthropic/claude-opus-4-6', 'anthropic', 9000, 0.9, 50, 50),
             ('2026-11-21', encode(sha256('jms-test'), 'hex'), 'anthropic/claude-opus-4-6', 'anthropic', 9000, 0.9, 50, 50),
             ('2026-11-21', encode(sha256('jms-test'), 'hex'), 'openai/claude-opus-4-6', 'openai', 9000, 0, 25, 25),
             ('2026-11-21', encode(sha256('kelly-app'), 'hex'), 'gpt-5-mini', 'openai', 9000, 0.9, 5, 5)
     ) t(date, api_key, model, provider, tokens, spend, requests, successful);
