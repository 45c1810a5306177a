#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""faults_test.py MISROUTE [--rows N] [--rounds N] [CASE…] — what a scan says when the database fails under it.

Starts servers of its own. A report is either the truth, to the last number, or it says that it is incomplete; never
anything else. docs/reliability.md has the figures of a long run.
"""
import argparse
import collections
import contextlib
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCAN = ["--by", "host", "--since", "2026-11-01T00:00:00Z", "--until", "2026-11-02T00:00:00Z",
        "--now", "2026-11-02T00:00:00Z", "--format", "json", "--no-cache", "--exit-zero"]
ROWS = """
insert into "LiteLLM_SpendLogs" (request_id, call_type, api_key, spend, total_tokens, "startTime", "endTime", model,
                                 model_id, model_group, custom_llm_provider, api_base, request_tags, status)
select n::text, 'acompletion', 'key-' || n % 20, 0.001, n % 5000, at, at, 'openai/gpt', 'd' || n % 3, 'gpt', 'openai',
       'https://upstream-' || n % 3 || '.example/v1', jsonb_build_array('host: h' || n % 5 || '.example'), 'success'
from generate_series(0, {rows} - 1) as n
cross join lateral (select '2026-11-01'::timestamp + n * (interval '1 day' / {rows}) as at) as request;
analyze "LiteLLM_SpendLogs";
"""


def server_folder():
    folders = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    return folders[-1].parent if folders else pathlib.Path(shutil.which("postgres")).parent


BIN = server_folder()
AS_USER = (["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else [])


class Server:
    """A PostgreSQL, or PgBouncer, in a folder of its own; stopped by its pid."""

    def __init__(self, folder, name):
        self.data, self.socket, self.process = folder / name, folder / f"{name}.socket", None
        self.socket.mkdir()
        if AS_USER:
            shutil.chown(self.socket, "postgres", "postgres")

    def init(self):
        run([*AS_USER, BIN / "initdb", "-D", self.data, "-U", "postgres", "--auth=trust", "--encoding=UTF8",
             "--locale=C.UTF-8", "--no-sync", "--no-instructions"])
        with (self.data / "postgresql.conf").open("a") as conf:
            conf.write("fsync = off\nwal_level = replica\nmax_wal_senders = 3\nhot_standby = on\n"
                       "logging_collector = off\nlog_line_prefix = '%p '\n")
        return self

    def start(self, *options):
        log = (self.socket / "log").open("a")
        self.process = subprocess.Popen([*AS_USER, BIN / "postgres", "-D", self.data, "-k", self.socket, "-c",
                                         "listen_addresses=", *options], stdout=log, stderr=log)
        for _ in range(300):
            if subprocess.run([BIN / "pg_isready", "-q", "-h", self.socket], check=False).returncode == 0:
                return self
            time.sleep(0.1)
        raise AssertionError(f"the server did not start: {(self.socket / 'log').read_text()[-2000:]}")

    def stop(self, how=signal.SIGINT):
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(60)

    def url(self, user="postgres", extra=""):
        return f"postgresql://{user}@/postgres?host={self.socket}{extra}"

    def sql(self, *statements, check=True):
        done = subprocess.run(["psql", "-qXAt", "-v", "ON_ERROR_STOP=1", self.url(),
                               *[part for statement in statements for part in ("-c", statement)]],
                              capture_output=True, text=True, check=False)
        assert not check or done.returncode == 0, done.stderr
        return done.stdout.strip()


def run(command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, cwd="/")
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"


def scan(url, *options):
    """Exit code, report (None for an error) and stderr."""
    done = subprocess.run(["timeout", "-s", "KILL", "120", MISROUTE, "scan", "--db", url, *SCAN, *options],
                          capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1, 2, 3), f"exit {done.returncode}: {done.stderr}{done.stdout}"
    return done.returncode, json.loads(done.stdout) if done.returncode != 2 else None, done.stderr


def told(report):
    """All that a report says but where it read."""
    return {name: part for name, part in report.items() if name != "source"}


def outcome(result, truth):
    """'equal', 'incomplete' or 'error'; anything else is the failure this test is about."""
    code, report, stderr = result
    if code == 2:
        assert "misroute: error:" in stderr
        return "error"
    if told(report) == truth:
        return "equal"
    assert report["complete"] is False and code == 3, f"exit {code}, and other numbers: {json.dumps(report)[:2000]}"
    assert report["gaps"], "incomplete, and no gap is named"
    assert report["totals"]["scanned"] <= truth["totals"]["scanned"]
    return "incomplete"


def during_scan(url, disturb, *options):
    """A scan, and beside it `disturb`, which gets an event that is set when the scan is over."""
    over = threading.Event()
    helper = threading.Thread(target=disturb, args=(over,))
    helper.start()
    try:
        return scan(url, *options)
    finally:
        over.set()
        helper.join()


def killed_backends(primary, truth, folder):
    """pg_terminate_backend at random moments."""
    killed = 0

    def kill(over):
        nonlocal killed
        while not over.wait(random.uniform(0.01, 0.3)):
            killed += int(primary.sql("select count(pg_terminate_backend(pid)) from pg_stat_activity "
                                      "where application_name = 'misroute.scan' and random() < 0.7"))

    outcomes = [outcome(during_scan(primary.url(), kill, "--slices", "200"), truth) for _ in range(ROUNDS)]
    print(f"  backends killed: {killed}", flush=True)
    assert killed >= ROUNDS, "hardly a backend was killed: this proves nothing"
    return outcomes


def restarted_server(primary, truth, folder):
    """The server is stopped, at once or without a goodbye, and started again."""
    def restart(over):
        over.wait(random.uniform(0.05, 0.3))
        primary.stop(random.choice((signal.SIGINT, signal.SIGQUIT)))
        time.sleep(random.uniform(0.1, 1.5))
        primary.start()

    return [outcome(during_scan(primary.url(), restart, "--slices", "200"), truth) for _ in range(max(2, ROUNDS // 5))]


def revoked_privileges(primary, truth, folder):
    """The role may not read any more, in the middle of a scan."""
    outcomes = []
    for _ in range(max(2, ROUNDS // 5)):
        primary.sql('grant select on "LiteLLM_SpendLogs" to reader')

        def revoke(over):
            over.wait(random.uniform(0.05, 0.3))
            primary.sql('revoke select on "LiteLLM_SpendLogs" from reader')

        result = during_scan(primary.url("reader"), revoke, "--slices", "200")
        if result[0] == 2:
            assert "permission denied" in result[2], result[2]
        outcomes.append(outcome(result, truth))
    return outcomes


def pgbouncer(primary, truth, folder):
    """Transaction pooling: fewer server connections than clients, and nothing left behind on them."""
    pool = Server(folder, "pool")
    (pool.socket / "users").write_text('"postgres" ""\n')
    (pool.socket / "pgbouncer.ini").write_text(
        f"[databases]\npostgres = host={primary.socket} dbname=postgres\n[pgbouncer]\npool_mode = transaction\n"
        f"default_pool_size = 1\nunix_socket_dir = {pool.socket}\nlisten_port = 5432\nlisten_addr =\nauth_type = trust\n"
        f"auth_file = {pool.socket}/users\n")
    with (pool.socket / "log").open("w") as log:
        process = subprocess.Popen([*AS_USER, shutil.which("pgbouncer") or "/usr/sbin/pgbouncer",
                                    pool.socket / "pgbouncer.ini"], stdout=log, stderr=log)
    try:
        for _ in range(100):
            if subprocess.run([BIN / "pg_isready", "-q", "-h", pool.socket], check=False).returncode == 0:
                break
            time.sleep(0.1)
        results = [scan(pool.url(), "--jobs", "4", "--slices", "50") for _ in range(3)]
        outcomes = [outcome(result, truth) for result in results]
        assert set(outcomes) == {"equal"}, (outcomes, results[0][2], (pool.socket / "log").read_text())
        assert pool.sql("show statement_timeout") == "0" and pool.sql("show transaction_read_only") == "off"
        return outcomes
    finally:
        process.terminate()
        process.wait(30)


def standby(primary, truth, folder):
    """A hot standby says the same, prefer-standby finds it, and a recovery conflict is asked again."""
    replica = Server(folder, "replica")
    run([*AS_USER, BIN / "pg_basebackup", "-h", primary.socket, "-U", "postgres", "-D", replica.data, "-R",
         "--checkpoint=fast", "--no-sync"])
    replica.start("-c", "max_standby_streaming_delay=0", "-c", "hot_standby_feedback=off")
    try:
        both = (f"postgresql://postgres@/postgres?host={primary.socket},{replica.socket}"
                "&target_session_attrs=prefer-standby")
        replica.sql("alter system set log_statement = 'all'", "select pg_reload_conf()", check=False)
        outcomes = [outcome(scan(replica.url()), truth), outcome(scan(both), truth)]
        assert outcomes == ["equal", "equal"], outcomes
        doctor = subprocess.run([MISROUTE, "doctor", "--db", both], capture_output=True, text=True, check=False)
        assert "standby" in doctor.stdout + doctor.stderr, doctor.stdout + doctor.stderr

        def lock(over):
            while not over.wait(random.uniform(0.05, 0.2)):
                primary.sql('begin', 'lock table "LiteLLM_SpendLogs" in access exclusive mode', 'commit')

        before = int(replica.sql("select sum(confl_lock + confl_snapshot) from pg_stat_database_conflicts"))
        for _ in range(max(2, ROUNDS // 5)):
            outcomes.append(outcome(during_scan(replica.url(), lock, "--slices", "100"), truth))
        conflicts = int(replica.sql("select sum(confl_lock + confl_snapshot) from pg_stat_database_conflicts")) - before
        print(f"  recovery conflicts met: {conflicts}")
        assert conflicts > 0, "no recovery conflict was met: this proves nothing"
        return outcomes
    finally:
        replica.stop()


def local_settings(primary, truth, folder):
    """Whatever is killed, no statement meets the spend log on a connection without this transaction's timeout."""
    primary.sql("alter system set log_statement = 'all'", "select pg_reload_conf()")
    log = primary.socket / "log"
    begun = len(log.read_text())
    try:
        result = killed_backends(primary, truth, folder)[:1]
    finally:
        primary.sql("alter system reset log_statement", "select pg_reload_conf()")
    limited, slices, backends = {}, 0, set()
    for line in log.read_text()[begun:].replace("\n\t", " ").splitlines():
        pid, _, text = line.partition(" ")
        if "BEGIN" in text or "COMMIT" in text or "ROLLBACK" in text:
            limited[pid] = False
        elif "set_config('statement_timeout'" in text:
            limited[pid] = True
        elif "declare rows_of_slice" in text:
            assert limited.get(pid), f"without a timeout of its own: {line}"
            slices += 1
            backends.add(pid)
    assert slices > 100 and len(backends) > 4, (slices, len(backends))
    print(f"  {slices} slices on {len(backends)} connections, each with its own timeout")
    return result


CASES = {case.__name__: case for case in (killed_backends, restarted_server, revoked_privileges, pgbouncer, standby,
                                          local_settings)}


def main():
    global MISROUTE, ROUNDS
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("misroute")
    parser.add_argument("cases", nargs="*", metavar="CASE", help=", ".join(CASES))
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    MISROUTE, ROUNDS = str(pathlib.Path(given.misroute).resolve()), given.rounds
    random.seed(given.seed)
    for name in [name for name in os.environ if name.startswith(("PG", "MISROUTE_"))] + ["DATABASE_URL"]:
        os.environ.pop(name, None)

    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(tempfile.mkdtemp(prefix="misroute-faults.", dir="/tmp"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        if AS_USER:
            shutil.chown(folder, "postgres", "postgres")
        folder.chmod(0o755)
        os.environ["HOME"] = str(folder)
        primary = Server(folder, "primary").init().start()
        stack.callback(primary.stop)
        primary.sql((ROOT / "sql/demo/01_schema.sql").read_text(), ROWS.format(rows=given.rows), "create role reader login")
        primary.sql('grant select on "LiteLLM_SpendLogs" to reader')
        code, report, stderr = scan(primary.url())
        assert code == 0 and report["complete"] and report["totals"]["scanned"] == given.rows, stderr
        truth = told(report)
        for name in given.cases or CASES:
            began = time.monotonic()
            outcomes = collections.Counter(CASES[name](primary, truth, folder))
            print(f"{name}: {', '.join(f'{count} {what}' for what, count in sorted(outcomes.items()))}, 0 wrong "
                  f"({time.monotonic() - began:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
