-- SPDX-License-Identifier: Apache-2.0
-- The incident, an hour of it, and clean requests again.
select add_clean(60, 'claude.goodvision.tech', 'jms-test', 'anthropic', 'api.anthropic.com', '2026-11-22 12:00:00');
select add_incident();
select add_dealt(121);
select add_clean(100, 'claude.goodvision.tech', 'jms-test', 'anthropic', 'api.anthropic.com', '2026-11-22 22:00:00');
