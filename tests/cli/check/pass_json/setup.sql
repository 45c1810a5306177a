-- SPDX-License-Identifier: Apache-2.0
select add_clean(30, 'claude.goodvision.tech', 'jms-test', 'anthropic', 'api.anthropic.com');
select add_clean(29, 'llm.goodvision.tech', 'kelly-app', 'openai', 'kellycloudai.com');
select add_clean(40, 'ai.goodvision.tech', 'yx-app', 'openai', 'yxaiapp.com');
