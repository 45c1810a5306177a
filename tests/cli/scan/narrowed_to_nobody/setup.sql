-- SPDX-License-Identifier: Apache-2.0
-- Ten clean requests of kelly's host.
select add_row('2026-11-22 20:00:30'::timestamp + n * interval '1 min', 'llm.goodvision.tech', 'kelly-app', 'openai', 'kellycloudai.com', 500, 0.001, 'gpt-5') from generate_series(1, 10) n;
