-- SPDX-License-Identifier: Apache-2.0
-- Before the deploy: seven connections of 7 to 13 requests each, by turns at kelly's and at claude's own pods. The
-- lag-1 correlation of "answered by kelly" is 0.8133: 70 requests are worth 7.207 independent ones, 9.713 to one. The 30
-- clean ones after the deploy are worth 3.089, which exclude a share of 1 - 0.05^(1/3.089) = 62.1 %.
with connections (number, first, last) as (
    values (0, 1, 9), (1, 10, 21), (2, 22, 31), (3, 32, 42), (4, 43, 50), (5, 51, 63), (6, 64, 70)
)
select add_row('2026-11-22 18:00:00'::timestamp + make_interval(secs => 10 * i), 'claude.goodvision.tech', 'jms-test',
               case when number % 2 = 0 then 'openai' else 'anthropic' end,
               case when number % 2 = 0 then 'kellycloudai.com' else 'api.anthropic.com' end)
from connections cross join generate_series(first, last) i;
select add_clean(30, 'claude.goodvision.tech', 'jms-test', 'anthropic', 'api.anthropic.com');
