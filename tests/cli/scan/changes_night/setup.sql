-- SPDX-License-Identifier: Apache-2.0
-- Traffic of all three instances until 20:27, and none after that.
select add_clean(100, 'claude.goodvision.tech', 'jms-test', 'anthropic', 'api.anthropic.com');
select add_clean(100, 'llm.goodvision.tech', 'kelly-app', 'openai', 'kellycloudai.com');
select add_clean(100, 'ai.goodvision.tech', 'yx-app', 'openai', 'yxaiapp.com');
