-- SPDX-License-Identifier: Apache-2.0
create function add_clean(requests int, host text, key text, provider text, upstream text, first timestamp default '2026-11-22 20:10:00')
returns void language sql as $$
select add_row(first + make_interval(secs => 10 * i), host, key, provider, upstream) from generate_series(1, requests) i
$$;
select add_clean(30, 'claude.goodvision.tech', 'jms-test', 'anthropic', 'api.anthropic.com');
select add_clean(30, 'llm.goodvision.tech', 'kelly-app', 'openai', 'kellycloudai.com');
