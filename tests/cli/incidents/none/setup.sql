-- SPDX-License-Identifier: Apache-2.0
select add_clean(100, 'claude.goodvision.tech', 'jms-test', 'anthropic', 'api.anthropic.com');
