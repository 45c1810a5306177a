#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs one case of cases.yaml: rows as operators of LiteLLM report them in public, and what misroute has to say.

usage: run.py MISROUTE CASE     (run.py --list prints the cases)

Each case is a table of its own in a schema of its own, on the server of PG*. What is expected was worked out from the
rows by hand: exit code, how many rows of which class, which rules at which severity, and nothing at or above warning
that is not named.
"""
import datetime
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import yaml

HERE = pathlib.Path(__file__).resolve().parent
SCHEMA = HERE.parents[1] / "sql/demo/01_schema.sql"
DAY = datetime.datetime(2026, 11, 22)
NOW = "2026-11-23T00:00:00Z"


def psql(text):
    subprocess.run(["psql", "-qX", "-v", "ON_ERROR_STOP=1", "-d", "postgres"], input=text, text=True, check=True,
                   stdout=subprocess.DEVNULL)


def clock(text):
    hour, minute = text.split(":")
    return DAY + datetime.timedelta(hours=int(hour), minutes=int(minute))


def rows_of(case, backends):
    rows = []
    for stream in case["rows"]:
        for number in range(stream["count"]):
            time = clock(stream["since"]) + number * datetime.timedelta(seconds=stream.get("every", 30))
            row = {"call_type": "acompletion", "api_key": "ab" * 32, "spend": 0.01, "total_tokens": 100,
                   "model_group": "gpt-4o", "status": "success", "metadata": {}}
            row |= backends[stream["answers"][number % len(stream["answers"])]]
            row |= stream.get("columns", {})
            row["metadata"] = row["metadata"] | stream.get("metadata", {})
            row["request_tags"] = [*row.get("request_tags", []), "User-Agent: sdk"] + (
                [f"host: {stream['host']}"] if "host" in stream else [])
            row |= {"request_id": f"r{len(rows):06d}", "startTime": time.isoformat(), "endTime": time.isoformat(),
                    "cache_hit": row.get("cache_hit", "None")}
            row.setdefault("model", row["model_group"])
            rows.append(row)
    return rows


def load(schema, case, backends):
    rows = rows_of(case, backends)
    columns = sorted({name for row in rows for name in row})
    names = ", ".join(f'"{name}"' for name in columns)
    psql(f"""set client_min_messages = warning; drop schema if exists {schema} cascade; create schema {schema};
        set search_path to {schema};
        {SCHEMA.read_text()}
        insert into "LiteLLM_SpendLogs" ({names})
        select {names} from json_populate_recordset(null::"LiteLLM_SpendLogs", $rows${json.dumps(rows)}$rows$);
        {case.get("sql", "")}""")


def misroute(binary, schema, config, *arguments):
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "misroute.yaml"
        file.write_text(config or "{}")
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MISROUTE_")}
        environment |= {"HOME": folder, "XDG_CONFIG_HOME": folder, "XDG_STATE_HOME": folder, "LC_ALL": "C.UTF-8"}
        command = [binary, "scan", "--db", f"postgresql:///postgres?schema={schema}", "--now", NOW, "--no-cache",
                   *([] if "--since" in arguments else ["--since", "24h"]), *(["-c", str(file)] if config else []), *arguments]
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60,
                              check=False)
        return done.returncode, done.stdout, done.stderr


def wrong(case, code, report, table):
    """What differs from what is expected, a sentence each."""
    expect = case["expect"]
    if code != expect["exit"]:
        yield f"exit {code}, not {expect['exit']}"
    for name, count in expect.get("classes", {}).items():
        if report["totals"][name] != count:
            yield f"{report['totals'][name]} rows are {name}, not {count}"
    for reason, count in expect.get("excluded_by_reason", {}).items():
        got = report["totals"]["excluded_by_reason"].get(reason, 0)
        if got != count:
            yield f"{got} rows are set aside as {reason}, not {count}"
    found = {(finding["rule"], finding["severity"]) for finding in report["findings"]}
    wanted = {tuple(pair) for pair in expect.get("findings", [])}
    if wanted - found:
        yield f"not found: {sorted(wanted - found)}"
    loud = {pair for pair in found if pair[1] != "info" and pair[0] != "unpriced-traffic"}
    if loud - wanted:
        yield f"found, and should not be: {sorted(loud - wanted)}"
    for finding in report["findings"]:
        if finding["rule"].endswith("-mismatch") and not finding["evidence"]:
            yield f"{finding['rule']} shows no request"
    causes = [cause["cause"] for cause in report["causes"]]
    if "cause" in expect and causes[:1] != [expect["cause"]]:
        yield f"the first cause is {causes[:1]}, not {expect['cause']}"
    for cause in expect.get("no_cause", []):
        if cause in causes:
            yield f"{cause} is named as a cause"
    if "onset" in expect:
        at = [issuer["onset"]["at"] for issuer in report["issuers"] if issuer["onset"]]
        if f"2026-11-22T{expect['onset']}" not in [text[:16] for text in at]:
            yield f"the onset is {at}, not {expect['onset']}"
    for pattern in expect.get("says", []):
        if not re.search(pattern, " ".join(table.split())):
            yield f"the report does not say /{pattern}/"
    for pattern in expect.get("never_says", []):
        if re.search(pattern, " ".join(table.split())):
            yield f"the report says /{pattern}/"


def main():
    document = yaml.safe_load((HERE / "cases.yaml").read_text())
    if sys.argv[1:] == ["--list"]:
        print("\n".join(document["cases"]))
        return
    binary, name = str(pathlib.Path(sys.argv[1]).resolve()), sys.argv[2]
    case = document["cases"][name]
    schema = "reports_" + name.replace("-", "_")
    config = document["configurations"].get(case["configuration"], case["configuration"]) if case.get(
        "configuration") else None
    load(schema, case, document["backends"] | case.get("backends", {}))
    code, out, errors = misroute(binary, schema, config, "--format", "json", *case.get("arguments", []))
    _, table, table_errors = misroute(binary, schema, config, "--format", "table", "-v", *case.get("arguments", []))
    psql(f"set client_min_messages = warning; drop schema {schema} cascade")
    faults = list(wrong(case, code, json.loads(out), table + table_errors)) if out else [errors]
    if faults:
        print(table, errors, *faults, sep="\n")
        sys.exit(1)


main()
