-- SPDX-License-Identifier: Apache-2.0
select add_incident();
select add_row('2026-11-22 20:28:50', null, 'jms-test', 'anthropic', 'api.anthropic.com', 500, 0.001, 'claude-opus-4-6');
select add_row('2026-11-22 20:28:51', 'llm.goodvision.tech', 'jms-test', 'openai', 'kellycloudai.com', 500, 0.001, 'gpt-5');
