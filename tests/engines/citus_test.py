#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""citus_test.py MISROUTE BIN — every report of a table that Citus distributes is that of the plain table.

BIN has the programs of a PostgreSQL with Citus; script/citus calls this. Afterwards a shard is locked, a worker is stopped and
one hangs: the scan has to say so in time, and never with a smaller count.
"""
import contextlib
import difflib
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

from engines_test import AS_USER, MORE_ROWS, ROOT, questions

# What each log is distributed by; none for the plain table.
LOGS = {"whole": None, "by_request": "request_id", "by_key": "api_key"}
SETTINGS = """
listen_addresses = '127.0.0.1'
shared_preload_libraries = 'citus'
fsync = off
timezone = 'Asia/Seoul'
max_connections = 200
"""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class Node:
    def __init__(self, name, programs, folder):
        self.programs, self.folder, self.port = programs, folder / name, free_port()
        self.folder.mkdir()
        if AS_USER:
            shutil.chown(self.folder, "postgres", "postgres")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "MISROUTE_"))}
        self.environment = kept | {"HOME": str(self.folder), "LC_ALL": "C.UTF-8", "COLUMNS": "120", "PGUSER": "postgres",
                                   "PGHOST": str(self.folder), "PGPORT": str(self.port),
                                   "XDG_STATE_HOME": str(self.folder / "state")}
        data = self.folder / "data"
        subprocess.run([*AS_USER, programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8",
                        "--locale=C.UTF-8", "--no-sync"], check=True, env=self.environment, stdout=subprocess.DEVNULL)
        with (data / "postgresql.conf").open("a") as settings:
            settings.write(f"{SETTINGS}port = {self.port}\nunix_socket_directories = '{self.folder}'\n")
        with (self.folder / "log").open("w") as log:
            self.process = subprocess.Popen([*AS_USER, programs / "postgres", "-D", data], env=self.environment, stdout=log,
                                            stderr=log)
        for _ in range(300):
            if subprocess.run([programs / "pg_isready", "-q"], env=self.environment, check=False).returncode == 0:
                return
            time.sleep(0.1)
        raise AssertionError((self.folder / "log").read_text())

    def sql(self, text, database="postgres"):
        return subprocess.run(["psql", "-qXAt", "-v", "ON_ERROR_STOP=1", "-d", database], input=text.encode(),
                              env=self.environment, check=True, stdout=subprocess.PIPE).stdout.decode()

    def signal_all(self, number):
        """The postmaster first, so that it starts no other ones meanwhile."""
        postmaster = self.process.pid
        children = pathlib.Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        for process in [postmaster, *map(int, children)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, number)

    def stop(self):
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(60)


class Fleet:
    """A coordinator and two workers, with each of the logs in a database of its own."""

    def __init__(self, programs, folder):
        self.nodes = []
        try:
            for name in ("coordinator", "first", "second"):
                self.nodes.append(Node(name, programs, folder))
            self.coordinator = self.nodes[0]
            for database, column in LOGS.items():
                self.add(database, column)
        except BaseException:
            self.stop()
            raise

    def add(self, database, column):
        for node in self.nodes:
            node.sql(f"create database {database}")
        self.coordinator.sql((ROOT / "sql/demo/01_schema.sql").read_text(encoding="utf-8"), database)
        if column is None:
            return
        for node in self.nodes:
            node.sql("create extension citus", database)
        self.coordinator.sql(f"select citus_set_coordinator_host('127.0.0.1', {self.coordinator.port})", database)
        for worker in self.nodes[1:]:
            self.coordinator.sql(f"select citus_add_node('127.0.0.1', {worker.port})", database)
        if column != "request_id":
            self.coordinator.sql('alter table "LiteLLM_SpendLogs" drop constraint "LiteLLM_SpendLogs_pkey"', database)
        self.coordinator.sql(f"select create_distributed_table('\"LiteLLM_SpendLogs\"', '{column}')", database)

    def fill(self):
        """The same rows in every log, written once, so that they have the same times."""
        self.coordinator.sql((ROOT / "sql/demo/02_rows.sql").read_text(encoding="utf-8") + MORE_ROWS, "whole")
        names = self.coordinator.sql("select relname from pg_class where relkind = 'r' and relname like 'LiteLLM%'", "whole")
        for table in names.split():
            rows = self.coordinator.sql(f'copy "{table}" to stdout', "whole")
            for database in LOGS.keys() - {"whole"}:
                self.coordinator.sql(f'copy "{table}" from stdin;\n{rows}\\.\n', database)

    def stop(self):
        for node in self.nodes:
            node.stop()


def run(misroute, fleet, words, **more):
    return subprocess.run([misroute, *words], env=fleet.coordinator.environment, capture_output=True, timeout=300, check=False,
                          **more)


def answer(misroute, fleet, database, words):
    done = run(misroute, fleet, [word.replace("dbname=litellm", f"dbname={database}") for word in words])
    text = f"exit {done.returncode}\n" + (done.stdout + done.stderr).decode("utf-8", "replace")
    # Its name, and what doctor alone says of Citus.
    return "".join(line for line in text.replace(database, "DATABASE").splitlines(True) if "Citus distributes it" not in line)


def compare(misroute, fleet):
    now, since = fleet.coordinator.sql("""select to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') from (
        select now() at time zone 'UTC' union all select now() at time zone 'UTC' - interval '22 days') as n (at)
        order by at desc""").split()
    asked = dict(questions(now, since))
    asked["a slice in an hour"] = [*asked["scan, cold"], "--slice", "1h"]
    expected = {name: answer(misroute, fleet, "whole", words) for name, words in asked.items()}
    assert '"scanned": 100' in expected["scan, cold"] and "mismatch" in expected["scan, cold"], expected["scan, cold"][:3000]
    failed = 0
    for database in LOGS.keys() - {"whole"}:
        differ = 0
        for name, words in asked.items():
            got = answer(misroute, fleet, database, words)
            if got != expected[name]:
                differ += 1
                sys.stdout.writelines(list(difflib.unified_diff(expected[name].splitlines(True), got.splitlines(True),
                                                                f"plain: {name}", f"{database}: {name}"))[:60])
        print(f"{database}: {len(asked) - differ} of {len(asked)} reports are those of the plain table")
        failed += differ
    doctor = run(misroute, fleet, ["doctor", "--db", "dbname=by_request", "--since", since, "--now", now]).stdout.decode()
    assert "Citus distributes it over 32 shards" in doctor, doctor
    return failed, [*["--since", since, "--now", now], "--format", "json", "--no-cache"]


@contextlib.contextmanager
def locked_shard(fleet):
    """As an ALTER TABLE on the worker would."""
    worker = fleet.nodes[1]
    shard = worker.sql("set citus.override_table_visibility = off; select min(relname) from pg_class "
                       "where relname ~ '^LiteLLM_SpendLogs_[0-9]+$' and relkind = 'r'", "by_request").strip()
    with subprocess.Popen(["psql", "-qX", "-d", "by_request", "-c", "set citus.override_table_visibility = off", "-c",
                           "set citus.enable_manual_changes_to_shards = on", "-c",
                           f'begin; lock table "{shard}" in access exclusive mode; select pg_sleep(300)'],
                          env=worker.environment, stdout=subprocess.DEVNULL) as holder:
        time.sleep(1)
        yield
        holder.kill()
    worker.sql("select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(300)%' "
               "and pid <> pg_backend_pid()")


@contextlib.contextmanager
def hanging(node):
    node.signal_all(signal.SIGSTOP)
    try:
        yield
    finally:
        node.signal_all(signal.SIGCONT)


def measure(misroute, fleet, what, words, longest):
    """Never a smaller count that looks whole."""
    began = time.monotonic()
    done = run(misroute, fleet, ["scan", "--db", "dbname=by_request", *words])
    taken = time.monotonic() - began
    complete = bool(done.stdout) and json.loads(done.stdout)["complete"]
    said = (done.stderr.decode().strip().splitlines() or [""])[-1]
    print(f"{what}: exit {done.returncode} after {taken:.1f} s: {said}")
    wrong = complete or done.returncode not in (2, 3) or taken > longest
    return 1 if wrong else 0


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    misroute, programs = str(pathlib.Path(sys.argv[1]).resolve()), pathlib.Path(sys.argv[2])
    folder = pathlib.Path(tempfile.mkdtemp(prefix="misroute-citus.", dir="/tmp"))
    folder.chmod(0o755)
    try:
        fleet = Fleet(programs, folder)
        try:
            print(fleet.coordinator.sql("select citus_version()", "by_request").strip())
            fleet.fill()
            failed, words = compare(misroute, fleet)
            with locked_shard(fleet):
                failed += measure(misroute, fleet, "a locked shard, --lock-timeout 1s",
                                  [*words, "--lock-timeout", "1s", "--give-up-after", "3s"], 60)
            with hanging(fleet.nodes[2]):
                failed += measure(misroute, fleet, "a worker that hangs, --statement-timeout 1s",
                                  [*words, "--statement-timeout", "1s", "--give-up-after", "3s"], 60)
            fleet.nodes.pop().stop()
            failed += measure(misroute, fleet, "a worker that is gone", [*words, "--give-up-after", "3s"], 60)
        finally:
            fleet.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print("failed" if failed else "passed")
    sys.exit(1 if failed else 0)


main()
