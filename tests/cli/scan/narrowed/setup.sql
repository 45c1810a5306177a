-- SPDX-License-Identifier: Apache-2.0
-- Eight requests of claude's host, five of them foreign, and ten clean ones of kelly's. yxaiapp has none.
select add_incident();
select add_row('2026-11-22 20:00:30'::timestamp + n * interval '1 min', 'llm.goodvision.tech', 'kelly-app', 'openai', 'kellycloudai.com', 500, 0.001, 'gpt-5') from generate_series(1, 10) n;
