-- SPDX-License-Identifier: Apache-2.0
-- Three instances on one Azure resource. Copied entries give beech and maple one id; willow's has a key of its own.
select add_row('2026-11-22 20:00'::timestamp + n * interval '1 min', 'beech.example', 'beech-app', 'azure',
               'grove.openai.azure.com', more => '{"model_id": "copied-entry"}') from generate_series(1, 20) n;
select add_row('2026-11-22 20:00:20'::timestamp + n * interval '1 min', 'maple.example', 'maple-app', 'azure',
               'grove.openai.azure.com', more => '{"model_id": "copied-entry"}') from generate_series(1, 20) n;
select add_row('2026-11-22 20:00:40'::timestamp + n * interval '1 min', 'willow.example', 'willow-app', 'azure',
               'grove.openai.azure.com', more => '{"model_id": "entry-of-willow"}') from generate_series(1, 20) n;
