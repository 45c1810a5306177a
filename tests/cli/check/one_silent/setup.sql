-- SPDX-License-Identifier: Apache-2.0
select add_clean(30, 'claude.goodvision.tech', 'jms-test', 'anthropic', 'api.anthropic.com');
select add_clean(30, 'llm.goodvision.tech', 'kelly-app', 'openai', 'kellycloudai.com');
