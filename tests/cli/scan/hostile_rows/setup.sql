-- SPDX-License-Identifier: Apache-2.0
select add_row('2026-11-22 20:00'::timestamp + n * interval '1 min', E'ev\x1b[31mil\x07.example.com', 'jms-test', (array['openai', 'anthropic'])[1 + n % 2], E'up\u202estream.com', model => E'<b>sk-SECRET1234567890\x1b]0;pwned\x07') from generate_series(1, 8) n;
select add_row('2026-11-22 20:20', repeat('x', 10000) || '.example.com', 'sk-RAWKEY-abcdef123456', 'openai', 'yxaiapp.com', more => '{"api_key": "sk-RAWKEY-abcdef123456"}');
