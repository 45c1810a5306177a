# SPDX-License-Identifier: Apache-2.0
"""The same with pandas, in pieces, so that the memory of the machine does not decide."""
import warnings

import pandas
import psycopg2

warnings.simplefilter("ignore")  # pandas would rather have SQLAlchemy
QUERY = 'select request_tags, api_key, custom_llm_provider, api_base, model, spend, "startTime" from "LiteLLM_SpendLogs"'
KEYS = ["host", "api_key", "custom_llm_provider", "api_base", "model", "hour"]
parts = []
with psycopg2.connect("") as connection:
    for frame in pandas.read_sql(QUERY, connection, chunksize=200_000):
        frame["host"] = frame["request_tags"].map(
            lambda tags: next((tag[6:] for tag in reversed(tags or []) if tag.startswith("host: ")), None))
        frame["hour"] = frame["startTime"].dt.floor("H")
        parts.append(frame.groupby(KEYS)["spend"].agg(["count", "sum"]))
total = pandas.concat(parts).groupby(level=KEYS).sum()
print(len(total), int(total["count"].sum()))
