-- SPDX-License-Identifier: Apache-2.0
select add_row('2026-11-22 20:00'::timestamp + n * interval '1 min', null, 'claude-cli', 'anthropic', 'api.anthropic.com') from generate_series(1, 6) n;
