-- SPDX-License-Identifier: Apache-2.0
-- 6,000 requests of claude's host, a third of them at home; no row is marked as a fallback, so a sample decides.
select add_row('2026-11-22 18:00'::timestamp + n * interval '1 s', 'claude.goodvision.tech', 'jms-test',
               case n % 3 when 0 then 'anthropic' else 'openai' end,
               (array['api.anthropic.com', 'kellycloudai.com', 'yxaiapp.com'])[n % 3 + 1],
               more => jsonb_build_object('metadata', jsonb_build_object(
                   'attempted_fallbacks', 0, 'internal_call_origin', null)))
from generate_series(0, 5999) n;
