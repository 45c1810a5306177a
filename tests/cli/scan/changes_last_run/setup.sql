-- SPDX-License-Identifier: Apache-2.0
-- Clean all day, the incident at 20:28, and one request in three from then on.
select add_clean(60, 'claude.goodvision.tech', 'jms-test', 'anthropic', 'api.anthropic.com', '2026-11-22 12:00:00');
select add_incident();
select add_row('2026-11-22 20:32:00'::timestamp + make_interval(secs => 30 * i), 'claude.goodvision.tech', 'jms-test', p, u, 900,
               case when p = 'anthropic' then 0.01 else 0 end)
from generate_series(0, 2880) i,
     lateral (select (array['openai', 'openai', 'anthropic'])[i % 3 + 1] as p,
                     (array['kellycloudai.com', 'yxaiapp.com', 'api.anthropic.com'])[i % 3 + 1] as u) as answer;
