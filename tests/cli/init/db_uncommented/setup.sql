-- SPDX-License-Identifier: Apache-2.0
select add_incident();
select add_row('2026-11-22 20:00:30'::timestamp + n * interval '1 min', 'llm.goodvision.tech', 'kelly-app', 'openai', 'kellycloudai.com', 500, 0.001, 'gpt-5') from generate_series(1, 10) n;
select add_row('2026-11-22 20:00:45'::timestamp + n * interval '1 min', 'ai.goodvision.tech', 'yx-app', 'openai', 'yxaiapp.com', 500, 0.001, 'gpt-5') from generate_series(1, 5) n;
