-- SPDX-License-Identifier: Apache-2.0
-- Hostnames that a shell would act on: every suggested command must name them as one word (tests/scripts/commands_test.py).
select add_row('2026-11-22 20:00'::timestamp + n * interval '1 min', 'a''; $(id) `id` <b>&|.example.com', 'jms-test', (array['openai', 'anthropic'])[1 + n % 2], 'up.example') from generate_series(1, 8) n;
