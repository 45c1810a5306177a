-- SPDX-License-Identifier: Apache-2.0
select add_row('2026-11-22 20:10:00', null, 'jms-test', 'openai', 'kellycloudai.com', 10, 0, E'evil\x1b[2J\nsk-abcdefghijklmnop');
