-- SPDX-License-Identifier: Apache-2.0
-- Home rows every minute from 20:00 to 20:19; three marked fallbacks at 20:02; ten foreign rows from 20:20. By
-- docs/detection.md the share is 10 of 10 and one imagined home request, q = 10/11; (1 - q)^m <= 5 % first holds for m = 2,
-- so the onset is not before the second home row from the end, 20:18.
select add_row('2026-11-22 20:00'::timestamp + n * interval '1 min', 'claude.goodvision.tech', 'jms-test', 'anthropic',
               'api.anthropic.com', more => '{"metadata": {"attempted_fallbacks": 0, "internal_call_origin": null}}')
from generate_series(0, 19) n;
select add_row('2026-11-22 20:02:10'::timestamp + n * interval '1 s', 'claude.goodvision.tech', 'jms-test', 'openai',
               'kellycloudai.com', more => '{"metadata": {"attempted_fallbacks": 1, "internal_call_origin": null}}')
from generate_series(1, 3) n;
select add_row('2026-11-22 20:20'::timestamp + n * interval '30 s', 'claude.goodvision.tech', 'jms-test', 'openai',
               'kellycloudai.com', more => '{"metadata": {"attempted_fallbacks": 0, "internal_call_origin": null}}')
from generate_series(0, 9) n;
