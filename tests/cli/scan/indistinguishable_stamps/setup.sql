-- SPDX-License-Identifier: Apache-2.0
-- Two instances on one resource; their rows carry no deployment, as versions before model_id wrote them.
select add_row('2026-11-22 20:00:00'::timestamp + make_interval(secs => i), host, host, 'azure', 'grove.openai.azure.com', 100,
               0.01, 'gpt-4o', '{"model_id": ""}')
from generate_series(0, 39) i, (values ('birch.example'), ('alder.example')) as entry(host);
