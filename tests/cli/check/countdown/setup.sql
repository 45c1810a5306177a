-- SPDX-License-Identifier: Apache-2.0
-- 29 clean requests exclude 10 %: kelly lacks 21, and claude all.
select add_clean(8, 'llm.goodvision.tech', 'kelly-app', 'openai', 'kellycloudai.com');
