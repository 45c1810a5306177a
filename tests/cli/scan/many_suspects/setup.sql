-- SPDX-License-Identifier: Apache-2.0
--
-- 51 keys of nobody, each answered by two providers in turns: one more than are read row by row.
select add_row('2026-11-22 20:00:00'::timestamp + make_interval(secs => i), null, 'app-' || i % 51,
               case when i / 51 % 2 = 0 then 'openai' else 'anthropic' end,
               case when i / 51 % 2 = 0 then 'kellycloudai.com' else 'api.anthropic.com' end)
from generate_series(0, 51 * 6 - 1) i;
