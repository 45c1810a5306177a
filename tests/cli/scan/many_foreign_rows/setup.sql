-- SPDX-License-Identifier: Apache-2.0
-- 6,000 requests of claude's host: a third at home, and 2,000 each at kelly's and at yxaiapp's deployment. Of those at
-- kelly's one in a hundred is a fallback, but none of the oldest, which are read anyway; at yxaiapp's none is. A sample
-- finds some of the first, so those are all read.
select add_row('2026-11-22 18:00'::timestamp + n * interval '1 s', 'claude.goodvision.tech', 'jms-test',
               case n % 3 when 0 then 'anthropic' else 'openai' end,
               (array['api.anthropic.com', 'kellycloudai.com', 'yxaiapp.com'])[n % 3 + 1],
               more => jsonb_build_object('metadata', jsonb_build_object(
                   'attempted_fallbacks', case when n % 300 = 151 then 1 else 0 end, 'internal_call_origin', null)))
from generate_series(0, 5999) n;
