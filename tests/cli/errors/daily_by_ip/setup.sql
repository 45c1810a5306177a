-- The log holds the last hour only; the roll-ups still know of the 21st.
select add_clean(5, 'claude.goodvision.tech', 'jms-test', 'anthropic', 'api.anthropic.com');
insert into "LiteLLM_DailyTagSpend" (id, tag, date, api_key, model, custom_llm_provider, spend, api_requests, successful_requests)
values ('1', 'host: claude.goodvision.tech', '2026-11-21', 'k', 'openai/claude-opus-4-6', 'openai', 0, 40, 40);
