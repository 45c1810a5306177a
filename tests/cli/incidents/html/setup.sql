-- SPDX-License-Identifier: Apache-2.0
-- A month with two incidents of claude: an afternoon on which one in three went to kelly, and the founding one.
select add_row('2026-10-25 00:00:00'::timestamp + make_interval(mins => 10 * i), 'claude.goodvision.tech', 'jms-test',
               'anthropic', 'api.anthropic.com') from generate_series(0, 4100) i;
select add_row('2026-11-03 14:00:05'::timestamp + make_interval(mins => 5 * i), 'claude.goodvision.tech', 'jms-test',
               'openai', 'kellycloudai.com', 1000, 0) from generate_series(0, 40) i;
select add_incident();
