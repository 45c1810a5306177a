-- SPDX-License-Identifier: Apache-2.0
--
-- 60 rows of team t1, answered by two providers in turns, then 2,000 of t2: more than one page is read of.
select add_row('2026-11-22 20:00:00'::timestamp + make_interval(secs => i), null, 'jms-test',
               case when i % 2 = 0 then 'anthropic' else 'openai' end,
               case when i % 2 = 0 then 'api.anthropic.com' else 'kellycloudai.com' end, more => '{"team_id": "t1"}')
from generate_series(0, 59) i;
select add_row('2026-11-22 20:05:00'::timestamp + make_interval(secs => i / 2.0), null, 'kelly-app', 'openai',
               'kellycloudai.com', more => '{"team_id": "t2"}')
from generate_series(0, 1999) i;
