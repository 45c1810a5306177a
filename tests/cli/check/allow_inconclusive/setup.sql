-- SPDX-License-Identifier: Apache-2.0
select add_incident();
select add_clean(8, 'llm.goodvision.tech', 'kelly-app', 'openai', 'kellycloudai.com');
