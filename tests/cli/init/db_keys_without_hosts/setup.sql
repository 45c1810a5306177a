-- SPDX-License-Identifier: Apache-2.0
-- Rows name no host; kelly-app and a key without an alias share a backend, jms-test went from one to another.
select add_row('2026-11-22 20:00'::timestamp + n * interval '1 min', null, 'kelly-app', 'openai', 'kellycloudai.com') from generate_series(1, 8) n;
select add_row('2026-11-22 20:00:20'::timestamp + n * interval '1 min', null, 'nameless', 'openai', 'kellycloudai.com') from generate_series(1, 8) n;
select add_row('2026-11-22 20:00:40'::timestamp + n * interval '1 min', null, 'jms-test', 'openai', case when n < 5 then 'kellycloudai.com' else 'yxaiapp.com' end) from generate_series(1, 8) n;
select add_row('2026-11-22 20:00:50', null, 'yx-app', 'openai', 'yxaiapp.com');
