-- SPDX-License-Identifier: Apache-2.0
-- The incident, an hour of it, and clean requests again.
select add_clean(60, 'claude.goodvision.tech', 'jms-test', 'anthropic', 'api.anthropic.com', '2026-11-22 12:00:00');
select add_incident();
select add_row('2026-11-22 20:32:00'::timestamp + make_interval(secs => 30 * i), 'claude.goodvision.tech', 'jms-test', p, u, 900,
               case when p = 'anthropic' then 0.01 else 0 end)
from generate_series(0, 120) i,
     lateral (select (array['openai', 'openai', 'anthropic'])[i % 3 + 1] as p,
                     (array['kellycloudai.com', 'yxaiapp.com', 'api.anthropic.com'])[i % 3 + 1] as u) as answer;
select add_clean(100, 'claude.goodvision.tech', 'jms-test', 'anthropic', 'api.anthropic.com', '2026-11-22 22:00:00');
