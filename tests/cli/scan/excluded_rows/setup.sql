-- SPDX-License-Identifier: Apache-2.0
select add_row('2026-11-22 20:00'::timestamp + n * interval '1 min', 'claude.goodvision.tech', 'jms-test', 'anthropic', 'api.anthropic.com') from generate_series(1, 20) n;
select add_row('2026-11-22 20:00:30'::timestamp + n * interval '1 min', 'llm.goodvision.tech', 'kelly-app', 'openai', 'kellycloudai.com', 500, 0.001, 'gpt-5') from generate_series(1, 10) n;
select add_row('2026-11-22 20:00:45'::timestamp + n * interval '1 min', 'ai.goodvision.tech', 'yx-app', 'openai', 'yxaiapp.com', 500, 0.001, 'gpt-5') from generate_series(1, 5) n;
select add_row('2026-11-22 20:05:05', 'claude.goodvision.tech', 'jms-test', 'openai', 'kellycloudai.com', more => '{"cache_hit": "True", "spend": 0}');
select add_row('2026-11-22 20:05:06', 'claude.goodvision.tech', 'jms-test', '', '', 0, 0, more => '{"status": "failure", "api_base": "", "model": "claude-opus-4-6"}');
select add_row('2026-11-22 20:05:07', null, 'x', 'openai', 'yxaiapp.com', more => '{"api_key": "litellm-internal-health-check"}');
select add_row('2026-11-22 20:05:08', 'claude.goodvision.tech', 'jms-test', 'openai', 'kellycloudai.com', more => '{"call_type": "pass_through_endpoint", "model_id": ""}');
select add_row('2026-11-22 20:05:09', 'claude.goodvision.tech', 'jms-test', 'openai', 'kellycloudai.com', more => '{"call_type": "call_mcp_tool", "model_id": ""}');
select add_row('2026-11-22 20:05:10', 'claude.goodvision.tech', 'jms-test', 'openai', 'kellycloudai.com', more => '{"call_type": "acreate_batch", "model_id": ""}');
select add_row('2026-11-22 20:05:11', 'claude.goodvision.tech', 'jms-test', 'openai', 'kellycloudai.com', more => '{"model_id": "claude-falls-back-here", "metadata": {"attempted_fallbacks": 1, "original_model_group": "claude-opus-4-6", "internal_call_origin": null}}');
select add_row('2026-11-22 20:05:12', 'claude.goodvision.tech', 'jms-test', 'openai', 'kellycloudai.com', more => '{"model_id": "claude-guardrail", "metadata": {"attempted_fallbacks": 0, "internal_call_origin": "guardrail"}}');
select add_row('2026-11-22 20:05:13', 'claude.goodvision.tech', 'jms-test', 'anthropic', 'api.anthropic.com', more => '{"metadata": {"attempted_fallbacks": 1, "internal_call_origin": null}}');
