-- SPDX-License-Identifier: Apache-2.0
-- Names that would break out of YAML, be patterns, or paint a terminal.
select add_row('2026-11-22 20:00'::timestamp + n * interval '1 min', E'a\n  evil: {x', 'k', 'openai', 'kellycloudai.com') from generate_series(1, 4) n;
select add_row('2026-11-22 20:00'::timestamp + n * interval '1 min', '*.goodvision.tech', 'k', 'openai', 'kellycloudai.com') from generate_series(1, 4) n;
select add_row('2026-11-22 20:00'::timestamp + n * interval '1 min', 'yes', 'k', E'x\x1b[31m', 'kellycloudai.com') from generate_series(1, 4) n;
select add_row('2026-11-22 20:10'::timestamp + n * interval '1 min', 'mixed.example', 'k', case n % 2 when 0 then E'a\x1b[31m' else 'openai' end, 'b.example', 1, 0, E'sk-secret\nhosts: [x]') from generate_series(1, 6) n;
