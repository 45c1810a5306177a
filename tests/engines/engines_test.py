#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""engines_test.py MISROUTE FOLDER [VERSION…] — every report is the same whichever PostgreSQL holds the log.

FOLDER has postgres-13 to postgres-18, as npm installed them; script/engines calls this. The rows are those of the
demonstration and a few thousand more; they are written once, by 15, and copied to the others, so that they have the same
times.
"""
import difflib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BASE = "15"
TABLES = ["LiteLLM_SpendLogs", "LiteLLM_VerificationToken", "LiteLLM_DeletedVerificationToken", "LiteLLM_TeamTable",
          "LiteLLM_DailyTagSpend", "LiteLLM_DailyUserSpend"]
# Three weeks with a fault in the last two days, some hosts without an instance, and keys of one use.
MORE_ROWS = """
insert into "LiteLLM_SpendLogs" (request_id, call_type, api_key, spend, total_tokens, "startTime", "endTime", model, model_id,
                                 model_group, custom_llm_provider, api_base, request_tags, team_id, status)
select 'more-' || n, 'acompletion', md5((n % 37)::text) || md5((n % 37)::text), 0.001 * (n % 7), n % 5000, at, at,
       provider || '/gpt', 'd' || n % 3, 'gpt', provider, 'https://' || upstream || '/v1',
       jsonb_build_array('host: ' || host || '.goodvision.tech'), 'team-' || n % 5, 'success'
from generate_series(0, 9999) as n
cross join lateral (select date_trunc('second', now() at time zone 'UTC') - interval '21 days'
                           + n * interval '3 minutes' as at,
                           (array['claude', 'llm', 'ai', 'büro', 'nobody'])[1 + n % 5] as host) as request
cross join lateral (select case when host = 'claude' and not (n > 9000 and n % 2 = 0) then 'anthropic' else 'openai' end as provider,
                           case when host = 'claude' and not (n > 9000 and n % 2 = 0) then 'api.anthropic.com'
                                when host = 'ai' then 'yxaiapp.com' else 'kellycloudai.com' end as upstream) as answer;
"""
AS_USER = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []


def run(command, **more):
    return subprocess.run([str(word) for word in command], check=True, **more)


def complete(folder):
    """npm leaves out links; the package lists them."""
    import json
    for link in json.loads((folder / "native/pg-symlinks.json").read_text()):
        target = folder / link["target"]
        if not target.is_symlink() and not target.exists():
            target.symlink_to(pathlib.Path(link["source"]).name)
    for program in (folder / "native/bin").iterdir():
        program.chmod(0o755)


class Server:
    def __init__(self, version, installed, folder):
        self.version, self.folder = version, folder / version
        native = folder / f"bin-{version}"  # where the server's user may come
        shutil.copytree(installed / f"postgres-{version}/native", native, symlinks=True)
        self.folder.mkdir()
        if AS_USER:
            shutil.chown(self.folder, "postgres", "postgres")
        data = self.folder / "data"
        run([*AS_USER, native / "bin/initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C",
             "--no-sync"], stdout=subprocess.DEVNULL)
        self.log = (self.folder / "log").open("w")
        self.process = subprocess.Popen([*map(str, AS_USER), str(native / "bin/postgres"), "-D", str(data), "-k", str(self.folder),
                                         "-c", "listen_addresses=", "-c", "fsync=off", "-c", "timezone=Asia/Seoul"],
                                        stdout=self.log, stderr=self.log)
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "MISROUTE_"))}
        self.environment |= {"PGHOST": str(self.folder), "PGUSER": "postgres", "PGDATABASE": "litellm", "LC_ALL": "C.UTF-8",
                             "COLUMNS": "120", "XDG_STATE_HOME": str(self.folder / "state"), "HOME": str(self.folder)}
        for _ in range(300):
            if subprocess.run(["psql", "-qXd", "postgres", "-c", ""], env=self.environment, check=False,
                              capture_output=True).returncode == 0:
                break
            time.sleep(0.1)
        self.sql("create database litellm", database="postgres")
        self.exactly = self.sql("show server_version").decode().split()[0]
        self.sql((ROOT / "sql/demo/01_schema.sql").read_text(encoding="utf-8"))

    def sql(self, text, database="litellm"):
        return subprocess.run(["psql", "-qXAt", "-v", "ON_ERROR_STOP=1", "-d", database], input=text.encode(), env=self.environment,
                              check=True, stdout=subprocess.PIPE).stdout

    def tables(self):
        names = self.sql("select relname from pg_class where relkind = 'r' and relname like 'LiteLLM%'").decode().split()
        return [name for name in TABLES if name in names]

    def stop(self):
        self.process.terminate()
        self.process.wait(60)


def questions(now, since):
    config = ["--config", str(ROOT / "docs/examples/misroute.yaml"), "--db", "dbname=litellm"]
    window = ["--since", since, "--now", now]
    for by in ("host", "key", "team", "user", "end-user", "ip", "tag:host"):
        yield f"scan --by {by}", ["scan", *config, *window, "--by", by, "--format", "json", "--exit-zero", "--no-cache"]
    scan = ["scan", *config, *window, "--format", "json", "--exit-zero"]
    yield "scan, cold", [*scan, "--rebuild"]
    yield "scan, cached", scan
    yield "scan of some", [*scan, "--instance", "claude", "--key", "jms-*"]
    yield "scan of the roll-ups", [*scan, "--source", "daily", "--by", "key"]
    yield "scan, as a table", ["scan", *config, *window, "-v"]
    yield "trace", ["trace", "host:claude.goodvision.tech", *config, *window, "--format", "json"]
    yield "check", ["check", *config, "--since", "24h", "--now", now, "--wait", "0s", "--format", "json"]
    yield "init", ["init", "--db", "dbname=litellm", *window]
    yield "doctor", ["doctor", *config, *window]
    yield "a role that may read nothing", ["scan", "--db", "dbname=litellm user=nobody", *window]


def answer(misroute, server, words):
    done = subprocess.run([misroute, *words], env=server.environment, capture_output=True, timeout=300, check=False)
    text = f"exit {done.returncode}\n" + (done.stdout + done.stderr).decode("utf-8", "replace")
    text = text.replace(str(server.folder), "SOCKET")
    return text.replace(server.exactly, "VERSION")


def main():
    misroute, installed = str(pathlib.Path(sys.argv[1]).resolve()), pathlib.Path(sys.argv[2])
    found = sorted(one.name.removeprefix("postgres-") for one in installed.glob("postgres-*"))
    asked = sys.argv[3:] or found
    for version in {BASE, *asked}:
        complete(installed / f"postgres-{version}")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="misroute-engines."))
    folder.chmod(0o755)
    servers, failed, passed = [], 0, 0
    try:
        base = Server(BASE, installed, folder)
        servers.append(base)
        base.sql((ROOT / "sql/demo/02_rows.sql").read_text(encoding="utf-8"))
        base.sql(MORE_ROWS)
        base.sql("create role nobody login")
        now, since = base.sql("""select to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') from (
            select now() at time zone 'UTC' union all select now() at time zone 'UTC' - interval '22 days') as n (at)
            order by at desc""").decode().split()
        rows = {table: base.sql(f'copy "{table}" to stdout') for table in base.tables()}
        expected = {name: answer(misroute, base, words) for name, words in questions(now, since)}
        assert '"scanned": 100' in expected["scan, cold"] and "mismatch" in expected["scan, cold"], expected["scan, cold"][:3000]
        print(f"15: {base.exactly}, {len(expected)} reports to compare with")
        for version in (one for one in asked if one != BASE):
            server = Server(version, installed, folder)
            servers.append(server)
            for table, text in rows.items():
                subprocess.run(["psql", "-qX", "-v", "ON_ERROR_STOP=1", "-c", f'truncate "{table}"', "-c",
                                f'copy "{table}" from stdin'], input=text, env=server.environment, check=True)
            server.sql("create role nobody login")
            differ = 0
            for name, words in questions(now, since):
                got = answer(misroute, server, words)
                if got != expected[name]:
                    differ += 1
                    sys.stdout.writelines(list(difflib.unified_diff(expected[name].splitlines(True), got.splitlines(True),
                                                                    f"{BASE}: {name}", f"{version}: {name}"))[:60])
            failed, passed = failed + differ, passed + len(expected) - differ
            print(f"{version}: {server.exactly}, "
                  f"{len(expected) - differ} of {len(expected)} reports are those of {BASE}")
            server.stop()
    finally:
        for server in servers:
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
