-- SPDX-License-Identifier: Apache-2.0
-- Clean all day, the incident at 20:28, and one request in three from then on.
select add_clean(60, 'claude.goodvision.tech', 'jms-test', 'anthropic', 'api.anthropic.com', '2026-11-22 12:00:00');
select add_incident();
select add_dealt(2881);
