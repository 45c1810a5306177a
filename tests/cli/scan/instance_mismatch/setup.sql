-- SPDX-License-Identifier: Apache-2.0
select add_row('2026-11-22 20:00'::timestamp + n * interval '1 min', 'a.example.com', 'jms-test', 'openai', 'api.openai.com', more => jsonb_build_object('request_tags', jsonb_build_array('instance:' || (array['a', 'b'])[1 + n % 2], 'host: a.example.com'))) from generate_series(1, 12) n;
