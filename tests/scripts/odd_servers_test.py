#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""odd_servers_test.py MISROUTE — the report is the same on servers that are set up in unusual ways.

Each database of a list holds the rows of the demonstration and one host with an umlaut; settings are those of the database,
of the role, or of the client. Needs the server of script/test, and PgBouncer.
"""
import difflib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
MISROUTE = str(pathlib.Path(sys.argv[1]).resolve())
AS_USER = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
NAME = f"misroute_test_odd_{os.getpid()}"
UMLAUT = """insert into "LiteLLM_SpendLogs" (request_id, call_type, api_key, spend, total_tokens, "startTime", "endTime", model,
    model_group, custom_llm_provider, api_base, request_tags, status)
select 'umlaut-' || n, 'acompletion', 'k', 0.1, 5, now() at time zone 'UTC' - interval '1 hour',
       now() at time zone 'UTC' - interval '1 hour', 'anthropic/x', 'x', 'anthropic', 'https://api.anthropic.com',
       U&'["host: b\\00FCro.example"]', 'success' from generate_series(1, 4) as n;"""
CONFIG = """instances:
  claude: {hosts: [claude.goodvision.tech, büro.example], keys: ["jms-*"], expect: [{provider: anthropic}]}
  kelly: {hosts: [llm.goodvision.tech], expect: [{provider: openai, upstream: kellycloudai.com}]}
"""
CASELESS = "create collation caseless (provider = icu, locale = 'und-u-ks-level2', deterministic = false); "
TABLES = ["LiteLLM_SpendLogs", "LiteLLM_VerificationToken", "LiteLLM_DailyTagSpend", "LiteLLM_DailyUserSpend",
          "LiteLLM_DeletedVerificationToken"]

# What, options of `create database`, statements in it, environment of misroute.
CASES = [
    ("SQL_ASCII", "encoding 'SQL_ASCII' locale 'C'", "", {}),
    ("LATIN1", "encoding 'LATIN1' locale 'C'", "", {}),
    ("LATIN1, asked by a client of UTF8", "encoding 'LATIN1' locale 'C'", "", {"PGCLIENTENCODING": "UTF8"}),
    ("LATIN9", "encoding 'LATIN9' locale 'C'", "", {}),
    ("WIN1252", "encoding 'WIN1252' locale 'C'", "", {}),
    ("client_encoding of the client", "", "", {"PGCLIENTENCODING": "LATIN1"}),
    ("client_encoding of the database", "", "alter database {db} set client_encoding = 'LATIN1'", {}),
    ("serializable", "", "alter database {db} set default_transaction_isolation = 'serializable'", {}),
    ("serializable and deferrable", "", "alter database {db} set default_transaction_isolation = 'serializable'; "
                                        "alter database {db} set default_transaction_deferrable = on", {}),
    ("DateStyle German", "", "alter database {db} set datestyle = 'German'", {}),
    ("DateStyle SQL", "", "alter database {db} set datestyle = 'SQL, DMY'", {"PGDATESTYLE": "Postgres"}),
    ("IntervalStyle", "", "alter database {db} set intervalstyle = 'sql_standard'", {}),
    ("standard_conforming_strings off", "", "alter database {db} set standard_conforming_strings = off", {}),
    ("bytea_output, extra_float_digits", "", "alter database {db} set bytea_output = 'escape'; "
                                             "alter database {db} set extra_float_digits = -10", {}),
    ("lc_messages", "", "alter database {db} set lc_messages = 'C.UTF-8'", {}),
    ("an empty search_path", "", "alter database {db} set search_path = ''", {}),
    ("a search_path elsewhere", "", "create schema other; alter database {db} set search_path = other, pg_catalog", {}),
    ("quote_all_identifiers", "", "alter database {db} set quote_all_identifiers = on", {}),
    ("transform_null_equals", "", "alter database {db} set transform_null_equals = on", {}),
    ("another zone", "", "alter database {db} set timezone = 'Pacific/Chatham'", {"PGTZ": "Asia/Kathmandu"}),
    ("no sequential and no index scans", "", "alter database {db} set enable_seqscan = off; "
                                             "alter database {db} set enable_hashagg = off", {}),
    ("a nondeterministic collation on keys", "", CASELESS +
     'alter table "LiteLLM_VerificationToken" alter token type text collate caseless, alter key_alias type text collate caseless',
     {}),
    ("a nondeterministic collation on the roll-ups", "", CASELESS + "; ".join(
        f'alter table "{table}" alter date type text collate caseless, alter api_key type text collate caseless'
        for table in TABLES[2:4]) + '; alter table "LiteLLM_DailyTagSpend" alter tag type text collate caseless', {}),
    ("a nondeterministic collation on the log", "", CASELESS + 'alter table "LiteLLM_SpendLogs" '
     + ", ".join(f"alter {column} type text collate caseless" for column in
                 ("api_key", "team_id", "model", "model_group", "model_id", "custom_llm_provider", "api_base")), {}),
]


def psql(database, *words, **more):
    return subprocess.run(["psql", "-qXAt", "-v", "ON_ERROR_STOP=1", "-d", database, *words], check=True, capture_output=True,
                          **more).stdout


def reports(database, config, now, variables=None, url=""):
    """Scan of the log and of the roll-ups, trace and init; as one text."""
    text = ""
    source = ["--db", url or f"dbname={database}"]
    environment = os.environ | {"PGDATABASE": database, "XDG_STATE_HOME": config.parent.as_posix()} | (variables or {})
    for words in (["scan", "-c", config, *source, "--format", "json", "--exit-zero", "--no-cache", "--now", now],
                  ["scan", "-c", config, *source, "--format", "json", "--exit-zero", "--by", "key", "--now", now, "--no-cache"],
                  ["scan", "-c", config, *source, "--format", "json", "--exit-zero", "--source", "daily", "--since", "30d", "--now", now],
                  ["trace", "büro.example", "-c", config, *source, "--format", "json", "--now", now],
                  ["init", *source, "--now", now], ["doctor", "-c", config, *source, "--now", now]):
        done = subprocess.run([MISROUTE, *map(str, words)], env=environment, capture_output=True, timeout=120, check=False)
        out, err = done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
        if words[0] == "scan" and out.startswith("{"):
            report = json.loads(out)
            report.pop("source", None)
            out = json.dumps(report, indent=1, ensure_ascii=False) + "\n"
        text += f"--- {words[0]}, exit {done.returncode}\n" + (out + err).replace(database, "DATABASE")
    return text


def differences(what, got, expected):
    if got == expected:
        return 0
    print(f"FAILED: {what}")
    sys.stdout.writelines(list(difflib.unified_diff(expected.splitlines(True), got.splitlines(True), "expected", what))[:40])
    return 1


def odd(case, rows, config, now, expected):
    what, options, statements, variables = case
    database = NAME
    psql("postgres", "-c", f'drop database if exists "{database}" with (force)',
         "-c", f'create database "{database}" template template0 {options}')
    try:
        psql(database, "-f", ROOT / "sql/demo/01_schema.sql", env=os.environ | {"PGCLIENTENCODING": "UTF8"})
        for table, text in rows.items():
            psql(database, "-c", f'copy "{table}" from stdin', input=text, env=os.environ | {"PGCLIENTENCODING": "UTF8"})
        for statement in filter(None, statements.format(db=f'"{database}"').split("; ")):
            psql(database, "-c", statement)
        return differences(what, reports(database, config, now, variables), expected)
    finally:
        psql("postgres", "-c", f'drop database if exists "{database}" with (force)')


def pooled(database, mode, folder, ask):
    """Asks through a PgBouncer in this mode; its socket is in `folder`."""
    (folder / "users").write_text('"postgres" ""\n')
    (folder / "pgbouncer.ini").write_text(
        f"[databases]\n{database} = host={os.environ['PGHOST']} port={os.environ['PGPORT']}\n[pgbouncer]\npool_mode = {mode}\n"
        f"unix_socket_dir = {folder}\nlisten_port = 5432\nlisten_addr =\nauth_type = trust\nauth_file = {folder}/users\n"
        "ignore_startup_parameters = extra_float_digits\n")
    if AS_USER:
        for one in (folder, *folder.iterdir()):
            shutil.chown(one, "postgres", "postgres")
    with (folder / "log").open("w") as log:
        process = subprocess.Popen([*AS_USER, shutil.which("pgbouncer") or "/usr/sbin/pgbouncer", str(folder / "pgbouncer.ini")],
                                   stdout=log, stderr=log)
    try:
        for _ in range(100):
            if (folder / ".s.PGSQL.5432").exists():
                break
            time.sleep(0.1)
        else:
            print((folder / "log").read_text())
        return ask(f"postgresql://postgres@/{database}?host={folder}&port=5432")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def statement_mode(config, url):
    """Says at once which mode is needed."""
    began = time.monotonic()
    done = subprocess.run([MISROUTE, "scan", "-c", config, "--db", url], capture_output=True, text=True, timeout=120, check=False)
    taken = time.monotonic() - began
    good = done.returncode == 2 and "pool_mode" in done.stderr and "transaction" in done.stderr and taken < 10
    if not good:
        print(f"FAILED: PgBouncer in statement mode: exit {done.returncode} after {taken:.1f} s\n{done.stderr}")
    return 0 if good else 1


def main():
    plain, failed = NAME + "_plain", 0
    with tempfile.TemporaryDirectory(prefix="misroute-odd.", dir="/tmp") as scratch:
        folder = pathlib.Path(scratch)
        folder.chmod(0o755)
        config = folder / "misroute.yaml"
        config.write_text(CONFIG, encoding="utf-8")
        psql("postgres", "-c", f'create database "{plain}"')
        try:
            psql(plain, "-f", ROOT / "sql/demo/01_schema.sql", "-f", ROOT / "sql/demo/02_rows.sql", "-c", UMLAUT)
            now = psql(plain, "-c", """select to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')""").decode().strip()
            rows = {table: psql(plain, "-c", f'copy "{table}" to stdout') for table in TABLES}
            expected = reports(plain, config, now)
            assert "büro.example" in expected and '"scanned": 34' in expected, expected
            chosen = [case for case in CASES if not sys.argv[2:] or any(word in case[0] for word in sys.argv[2:])]
            failed += sum(odd(case, rows, config, now, expected) for case in chosen)
            for mode in ("session", "transaction"):
                (folder / mode).mkdir()
                got = pooled(plain, mode, folder / mode, lambda url: reports(plain, config, now, url=url))
                failed += differences(f"PgBouncer, {mode}", got, expected)
            (folder / "statement").mkdir()
            failed += pooled(plain, "statement", folder / "statement", lambda url: statement_mode(config, url))
        finally:
            psql("postgres", "-c", f'drop database if exists "{plain}" with (force)')
    total = len(chosen) + 3
    print(f"{total - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
