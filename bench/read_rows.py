# SPDX-License-Identifier: Apache-2.0
"""What people write by hand: read the rows with psycopg2 through a server-side cursor, and count in Python."""
from collections import Counter

import psycopg2

COLUMNS = "request_tags, api_key, custom_llm_provider, api_base, model, spend, total_tokens, \"startTime\""
counts, spend = Counter(), Counter()
with psycopg2.connect("") as connection, connection.cursor("rows") as cursor:
    cursor.itersize = 10_000
    cursor.execute(f'select {COLUMNS} from "LiteLLM_SpendLogs"')
    for tags, key, provider, base, model, cost, tokens, start in cursor:
        host = next((tag[6:] for tag in reversed(tags or []) if tag.startswith("host: ")), None)
        group = (host, key, provider, base, model, start.replace(minute=0, second=0, microsecond=0))
        counts[group] += 1
        spend[group] += cost
print(len(counts), sum(counts.values()))
