#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""outage_test.py MISROUTE [CASE…] — a server that goes, or hangs, and does not come back while a scan runs.

Starts a server of its own. Whatever happens to it, the scan ends within --give-up-after and a few seconds, reports what
it counted with its gaps (exit 3), and ends within a second when it is told to. docs/reliability.md has the figures.
"""
import argparse
import contextlib
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

from faults_test import AS_USER, ROOT, ROWS, SCAN, Server

ROWS_OF_A_DAY = 2_000
GIVE_UP_AFTER = 3  # seconds
# How long the rest may take: asking whether a silent server is there, cancelling, writing.
TOLERANCE = 6
SLICES = 24
OPTIONS = [option for option in SCAN if option != "--exit-zero"]
# The provider of every row is openai.
CONFIGS = {"clean": "openai", "wrong": "anthropic"}
# Two seconds for all rows: time enough for something to happen in the middle. One upstream: nobody is suspected, and no
# row is read twice.
SLOW = """alter table "LiteLLM_SpendLogs" rename to rows;
update rows set model_id = 'd0', api_base = 'https://upstream.example/v1';
create view "LiteLLM_SpendLogs" as select * from rows where pg_sleep(0.001) is not null"""


class Scan:
    """One that runs, and how it ended."""

    def __init__(self, url, *options, give_up_after=f"{GIVE_UP_AFTER}s", config="clean"):
        self.began = time.monotonic()
        self.process = subprocess.Popen([MISROUTE, "scan", "--db", url, *OPTIONS, "-c",
                                         FOLDER / f"{config}.yaml", "--slices", str(SLICES), "--give-up-after",
                                         give_up_after, *options],
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def middle(self, server):
        """Waits until it counts."""
        while self.process.poll() is None and server.sql(
                "select count(*) from pg_stat_activity where query like '%rows_of_slice%' "
                "and application_name = 'misroute.scan'") == "0":
            time.sleep(0.05)
        time.sleep(0.4)
        assert self.process.poll() is None, self.process.communicate()[1]
        self.began = time.monotonic()
        return self

    def end(self, longest):
        """Exit code, report (None where there is none), stderr, and seconds since the start or the middle."""
        try:
            out, err = self.process.communicate(timeout=longest)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise AssertionError(f"it still runs after {longest} s") from None
        return self.process.returncode, json.loads(out) if out else None, err, time.monotonic() - self.began


def url_of(server, database="slow", extra=""):
    return f"postgresql://postgres@/{database}?host={server.socket}{extra}"


def processes_of(server):
    """The postmaster first, so that it starts no other ones meanwhile."""
    postmaster = server.process.pid
    children = pathlib.Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    return [postmaster, *map(int, children)]


class Wire:
    """What stands between misroute and the server, until it is cut: no word of the server then says why."""

    def __init__(self, server):
        self.path = str(next(server.socket.glob(".s.PGSQL.[0-9]*[0-9]")))
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.ends = []
        threading.Thread(target=self.lay, daemon=True).start()

    def url(self, database="slow"):
        return f"postgresql://postgres@127.0.0.1:{self.listener.getsockname()[1]}/{database}?sslmode=disable"

    def lay(self):
        with contextlib.suppress(OSError):  # it was cut
            while True:
                near = self.listener.accept()[0]
                far = socket.socket(socket.AF_UNIX)
                far.connect(self.path)
                self.ends += [near, far]
                for source, target in ((near, far), (far, near)):
                    threading.Thread(target=self.carry, args=(source, target), daemon=True).start()

    @staticmethod
    def carry(source, target):
        with contextlib.suppress(OSError):
            while part := source.recv(65536):
                target.sendall(part)
            target.shutdown(socket.SHUT_WR)

    def cut(self):
        for end in (self.listener, *self.ends):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


class Frozen:
    """A server that takes connections, as the kernel does for it, and says nothing any more."""

    def __init__(self, server, only_backends=False):
        self.pids = processes_of(server)[1 if only_backends else 0:]

    def __enter__(self):
        self.send(signal.SIGSTOP)

    def __exit__(self, *_):
        self.send(signal.SIGCONT)

    def send(self, signum):
        for pid in self.pids:
            with contextlib.suppress(ProcessLookupError):  # a backend may have ended meanwhile
                os.kill(pid, signum)


def expect_part(result, after=GIVE_UP_AFTER, expected_code=3):
    """What was counted by then is reported, and what was not is named."""
    code, report, stderr, took = result
    assert code == expected_code, f"exit {code}: {stderr}"
    assert report["complete"] is False and report["gaps"], report["gaps"]
    assert 0 < report["totals"]["scanned"] < ROWS_OF_A_DAY, report["totals"]
    assert any("gave up after" in gap["reason"] for gap in report["gaps"]), report["gaps"]
    assert after - 1 <= took <= after + TOLERANCE, f"{took:.1f} s after the fault"
    return f"{report['totals']['scanned']} rows, {took:.1f} s after the fault: {report['gaps'][0]['reason']}"


def gone(server):
    """Stopped in the middle, for good: every slice shares one deadline."""
    scan = Scan(url_of(server)).middle(server)
    server.stop(signal.SIGQUIT)
    try:
        return expect_part(scan.end(60))
    finally:
        server.start()


def gone_with_findings(server):
    """What was counted shows a fault: 1 wins over 3. That single requests were not read is said."""
    scan = Scan(url_of(server), config="wrong").middle(server)
    server.stop(signal.SIGQUIT)
    try:
        result = scan.end(60)
        assert {finding["rule"] for finding in result[1]["findings"]} == {"provider-mismatch"}, result[1]["findings"]
        assert any("single requests" in gap["reason"] for gap in result[1]["gaps"]), result[1]["gaps"]
        return expect_part(result, expected_code=1)
    finally:
        server.start()


def gone_with_max_load(server):
    """The question of how busy the server is shares it too."""
    scan = Scan(url_of(server), "--max-load", "50", "--jobs", "4").middle(server)
    server.stop(signal.SIGQUIT)
    try:
        return expect_part(scan.end(60))
    finally:
        server.start()


def cut(server):
    """The network ends in the middle of the answers, for good."""
    wire = Wire(server)
    scan = Scan(wire.url(), "--max-load", "50", "--jobs", "4").middle(server)
    wire.cut()
    return expect_part(scan.end(60))


def hangs(server):
    """Every process stands still in the middle: no connection breaks, no timeout of the server's fires."""
    scan = Scan(url_of(server)).middle(server)
    with Frozen(server):
        return expect_part(scan.end(60))


def backends_hang(server):
    """The server takes connections, only ours stand still: noticed when the server should long have ended them."""
    scan = Scan(url_of(server), "--statement-timeout", "1s").middle(server)
    with Frozen(server, only_backends=True):
        return expect_part(scan.end(60), after=1 + 5 + GIVE_UP_AFTER)


def hangs_from_the_start(server):
    """Nothing was counted: an error, as soon."""
    with Frozen(server):
        code, report, stderr, seconds = Scan(url_of(server)).end(60)
    assert code == 2 and report is None and "cannot connect" in stderr, (code, stderr)
    assert seconds <= GIVE_UP_AFTER + TOLERANCE, seconds
    return f"exit 2 after {seconds:.1f} s: {stderr.splitlines()[0]}"


def not_there(server):
    """A wrong port is an error at once."""
    code, report, stderr, seconds = Scan("postgresql://postgres@127.0.0.1:1/slow").end(60)
    assert code == 2 and report is None and "cannot connect" in stderr, (code, stderr)
    assert seconds < 1, seconds
    return f"exit 2 after {seconds:.1f} s"


def comes_back(server):
    """Within the time that is given to it: nothing is lost."""
    scan = Scan(url_of(server)).middle(server)
    server.stop(signal.SIGQUIT)
    time.sleep(0.5)
    server.start()
    code, report, stderr, seconds = scan.end(60)
    assert code == 0 and report["complete"] and report["totals"]["scanned"] == ROWS_OF_A_DAY, (code, stderr, report)
    return f"all rows after {seconds:.1f} s"


def thaws(server):
    """As above, for one that stood still."""
    scan = Scan(url_of(server)).middle(server)
    with Frozen(server):
        time.sleep(GIVE_UP_AFTER - 0.5)
    code, report, stderr, seconds = scan.end(60)
    assert code == 0 and report["complete"] and report["totals"]["scanned"] == ROWS_OF_A_DAY, (code, stderr, report)
    return f"all rows after {seconds:.1f} s"


def foreign_server_is_dead(server):
    """The log is a foreign table of postgres_fdw, and nothing listens where it leads."""
    server.sql("create database far")
    columns = server.sql("""select string_agg(format('%I %s', attname, format_type(atttypid, atttypmod)), ', ')
        from pg_attribute where attrelid = '"LiteLLM_SpendLogs"'::regclass and attnum > 0 and not attisdropped""")
    sql = ["create extension postgres_fdw", "create server dead foreign data wrapper postgres_fdw "
           "options (host '127.0.0.1', port '1')", "create user mapping for postgres server dead",
           f'create foreign table "LiteLLM_SpendLogs" ({columns}) server dead']
    subprocess.run(["psql", "-qX", "-v", "ON_ERROR_STOP=1", url_of(server, "far"),
                    *[part for statement in sql for part in ("-c", statement)]], check=True)
    code, report, stderr, seconds = Scan(url_of(server, "far")).end(60)
    assert code == 2 and report is None, (code, stderr)
    assert seconds <= GIVE_UP_AFTER + TOLERANCE, seconds
    return f"exit 2 after {seconds:.1f} s: {stderr.splitlines()[0]}"


def signals(server):
    """SIGINT and SIGTERM end every one of these states within a second."""
    told = []

    def end_with(signum, scan, state):
        began = time.monotonic()
        scan.process.send_signal(signum)
        code, _, stderr, _ = scan.end(10)
        took = time.monotonic() - began
        assert code == 128 + signum, f"{state}: exit {code}: {stderr}"
        assert took < 1.5, f"{state}: {took:.1f} s"
        told.append(f"{state} {took:.2f} s")

    for signum in (signal.SIGINT, signal.SIGTERM):
        scan = Scan(url_of(server), give_up_after="5m").middle(server)
        end_with(signum, scan, "while it works")
        with Frozen(server):
            scan = Scan(url_of(server), give_up_after="5m")
            time.sleep(0.7)
            end_with(signum, scan, "connecting to a frozen server")
        scan = Scan(url_of(server), give_up_after="5m").middle(server)
        with Frozen(server):
            time.sleep(5)
            end_with(signum, scan, "frozen in the middle")
        scan = Scan(url_of(server), give_up_after="5m").middle(server)
        server.stop(signal.SIGQUIT)
        time.sleep(2)
        end_with(signum, scan, "stopped in the middle")
        server.start()
    return ", ".join(told)


CASES = {case.__name__: case for case in (gone, gone_with_findings, gone_with_max_load, cut, hangs, backends_hang,
                                          hangs_from_the_start, not_there, comes_back, thaws, foreign_server_is_dead,
                                          signals)}


def main():
    global MISROUTE, FOLDER
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("misroute")
    parser.add_argument("cases", nargs="*", metavar="CASE", help=", ".join(CASES))
    given = parser.parse_args()
    MISROUTE = str(pathlib.Path(given.misroute).resolve())
    for name in [name for name in os.environ if name.startswith(("PG", "MISROUTE_"))] + ["DATABASE_URL"]:
        os.environ.pop(name, None)

    folder = pathlib.Path(tempfile.mkdtemp(prefix="misroute-outage.", dir="/tmp"))
    server = None
    try:
        if AS_USER:
            shutil.chown(folder, "postgres", "postgres")
        folder.chmod(0o755)
        os.environ["HOME"] = str(folder)
        for name, provider in CONFIGS.items():
            (folder / f"{name}.yaml").write_text(f"instances: {{one: {{hosts: ['*.example'], "
                                                 f"expect: [{{provider: {provider}}}]}}}}\n")
        FOLDER = folder
        server = Server(folder, "server").init().start()
        server.sql((ROOT / "sql/demo/01_schema.sql").read_text(), ROWS.format(rows=ROWS_OF_A_DAY))
        subprocess.run(["createdb", "-h", str(server.socket), "-U", "postgres", "-T", "postgres", "slow"], check=True)
        subprocess.run(["psql", "-qX", "-v", "ON_ERROR_STOP=1", url_of(server), "-c", SLOW], check=True)
        for name in given.cases or CASES:
            print(f"{name}: {CASES[name](server)}", flush=True)
    finally:
        if server:
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
