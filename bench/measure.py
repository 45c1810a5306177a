# SPDX-License-Identifier: Apache-2.0
"""measure.py MISROUTE ROWS ROUNDS — called by script/bench beside a PostgreSQL of its own."""
import os
import pathlib
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
BINARY, ROWS, ROUNDS = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
UNTIL = "2026-11-24T00:00:00Z"
DAYS = 30
CONFIG = """instances:
  kelly: {hosts: [llm.goodvision.tech], expect: [{provider: openai, upstream: kellycloudai.com}]}
  yxaiapp: {hosts: [ai.goodvision.tech], expect: [{provider: openai, upstream: yxaiapp.com}]}
  claude: {hosts: [claude.goodvision.tech], expect: [{provider: anthropic, upstream: api.anthropic.com}]}
"""


ISSUER_ROWS, ISSUER_KEYS, HOSTILE_ROWS = min(ROWS, 500_000), (200, 2_000, 20_000), min(ROWS, 1_000_000)


def psql(*arguments, database=None):
    subprocess.run(["psql", "-qXAt", "-v", "ON_ERROR_STOP=1", *arguments], check=True, stdout=subprocess.DEVNULL,
                   env={**os.environ, "PGDATABASE": database or os.environ["PGDATABASE"]})


def value(query):
    return subprocess.run(["psql", "-qXAt", "-c", query], check=True, capture_output=True, text=True).stdout.strip()


class Misroute:
    def __init__(self, folder):
        self.config = folder / "fleet.yaml"
        self.config.write_text(CONFIG)
        shown = subprocess.run([BINARY, "scan", "--help"], capture_output=True, text=True, check=True).stdout
        self.cold = ["--no-cache"] if "--no-cache" in shown else []

    def command(self, *arguments, since="2026-10-25T00:00:00Z", command="scan"):
        return [BINARY, command, "-c", str(self.config), "--since", since, "--until", UNTIL, "--now", UNTIL,
                "--format", "json", "--exit-zero", *self.cold, *arguments]


def run(command, environment=None):
    """Seconds and peak memory (MB) of a command that must succeed."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"bench: error: exit status {os.waitstatus_to_exitcode(status)} of {' '.join(map(str, command))}")
    return time.perf_counter() - began, usage.ru_maxrss / 1024


class Relay(threading.Thread):
    """Stands between a client and the server's socket and counts the bytes that pass."""

    def __init__(self, folder):
        super().__init__(daemon=True)
        self.folder, self.bytes = folder, 0
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(str(folder / f".s.PGSQL.{os.environ['PGPORT']}"))
        self.server.listen(64)

    def run(self):
        while True:
            client, _ = self.server.accept()
            upstream = socket.socket(socket.AF_UNIX)
            upstream.connect(f"{os.environ['PGHOST']}/.s.PGSQL.{os.environ['PGPORT']}")
            for source, target in ((client, upstream), (upstream, client)):
                threading.Thread(target=self.copy, args=(source, target), daemon=True).start()

    def copy(self, source, target):
        try:
            while data := source.recv(65536):
                self.bytes += len(data)
                target.sendall(data)
        except OSError:
            pass
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def since(fraction):
    hours = round(DAYS * 24 * fraction)
    stamp = time.gmtime(1795478400 - hours * 3600)  # 2026-11-24T00:00:00Z
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", stamp)


def contenders(misroute):
    return {
        "bare heap scan, `select sum(spend)`": ["psql", "-qXAt", "-c", 'select sum(spend) from "LiteLLM_SpendLogs"'],
        "**`misroute scan`**, whole report, by host": misroute.command("--by", "host"),
        "`misroute scan`, whole report, by key": misroute.command("--by", "key"),
        "hand-written hourly `GROUP BY` (bench/by_hand.sql)": ["psql", "-qXAt", "-f", str(HERE / "by_hand.sql")],
        "psycopg2, server-side cursor (bench/read_rows.py)": [sys.executable, str(HERE / "read_rows.py")],
        "pandas, in pieces (bench/read_pandas.py)": [sys.executable, str(HERE / "read_pandas.py")],
    }


def hourly(misroute, folder, rounds):
    """The report of an hour later, with the counts that the one before has kept."""
    before, now = folder / "before", folder / "now"
    command = [word for word in misroute.command("--by", "host") if word != "--no-cache"]
    earlier = [word.replace(UNTIL, "2026-11-23T23:00:00Z") for word in command]
    run(earlier, {**os.environ, "XDG_STATE_HOME": str(before)})
    runs = []
    for _ in range(rounds):
        shutil.rmtree(now, ignore_errors=True)
        shutil.copytree(before, now)
        runs.append(run(command, {**os.environ, "XDG_STATE_HOME": str(now)}))
    size = sum(file.stat().st_size for file in now.rglob("*") if file.is_file())
    return statistics.median(t for t, _ in runs), max(m for _, m in runs), size


def statements(command):
    """Seconds that the server spent on each kind of statement, on all connections together."""
    done = subprocess.run([*command, "--log-sql"], capture_output=True, text=True, check=True)
    spent = {}
    for name, milliseconds in re.findall(r"info: (\w+): ([0-9.]+) ms", done.stderr):
        count, total = spent.get(name, (0, 0.0))
        spent[name] = count + 1, total + float(milliseconds) / 1000
    return sorted(spent.items(), key=lambda entry: -entry[1][1])[:3]


def variants(misroute):
    yield from ((f"`--jobs {jobs}`", misroute.command("--jobs", str(jobs))) for jobs in (1, 2, 4))
    yield from ((f"`--slices {slices}`", misroute.command("--slices", str(slices))) for slices in (1, 8, 96, 720))
    for fraction in (0.125, 0.25, 0.5, 1):
        yield f"{ROWS * fraction:,.0f} rows: the last {DAYS * fraction:g} days", misroute.command(since=since(fraction))


def other_log(misroute, label, arguments, rounds):
    """A log of its own, measured by host and by key, and dropped again."""
    psql("-c", "create database other", database="postgres")
    psql("-f", str(HERE.parent / "sql/demo/01_schema.sql"), *arguments, database="other")
    commands = {f"{label}, `--by {by}`": [*misroute.command("--by", by), "--db", "postgresql:///other"]
                for by in ("host", "key")}
    table = measured(commands, rounds)
    psql("-c", "drop database other", database="postgres")
    return table


def other_logs(misroute, rounds):
    table = {}
    for keys in ISSUER_KEYS:
        arguments = ["-v", f"rows={ISSUER_ROWS}", "-v", f"keys={keys}", "-f", str(HERE / "table.sql")]
        table |= other_log(misroute, f"{ISSUER_ROWS:,} requests of {keys:,} keys", arguments, rounds)
    arguments = ["-v", f"rows={HOSTILE_ROWS}", "-f", str(HERE / "hostile.sql")]
    label = f"{HOSTILE_ROWS:,} requests, each with a host, a model and a key of its own"
    return table | other_log(misroute, label, arguments, rounds)


def seconds_of(table, begin):
    return next(seconds for label, (seconds, _) in table.items() if label.startswith(begin))


def measured(commands, rounds):
    """Interleaved, so that whatever else the machine does meets all of them alike."""
    seen = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            seen[name].append(run(command))
    return {name: (statistics.median(t for t, _ in runs), max(m for _, m in runs)) for name, runs in seen.items()}


def main():
    print(f"loading {ROWS:,} rows", file=sys.stderr)
    began = time.perf_counter()
    psql("-v", f"rows={ROWS}", "-f", str(HERE / "table.sql"))
    heap = value("select pg_size_pretty(pg_relation_size('\"LiteLLM_SpendLogs\"'))")
    whole = value("select pg_size_pretty(pg_total_relation_size('\"LiteLLM_SpendLogs\"'))")
    print(f"loaded in {time.perf_counter() - began:.0f} s; measuring", file=sys.stderr)

    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        misroute = Misroute(folder)
        main_table = measured(contenders(misroute), ROUNDS)
        others = measured(dict(variants(misroute)), min(ROUNDS, 3))
        seconds, memory, kept = hourly(misroute, folder, ROUNDS)
        others["an hour later, with what was kept"] = seconds, memory
        spent = statements(misroute.command("--by", "host"))
        relay = Relay(folder)
        relay.start()
        run(misroute.command(), {**os.environ, "PGHOST": name})
        starts = [run([BINARY, "--version"]) for _ in range(50)]
        logs = other_logs(misroute, min(ROUNDS, 3))

    bare = next(iter(main_table.values()))[0]
    print(f"{ROWS:,} rows of {DAYS} days: heap {heap}, with indexes and out-of-line columns {whole}; "
          f"{os.cpu_count()} cores, PostgreSQL {value('show server_version').split()[0]}; medians of {ROUNDS}\n")
    print("| | seconds | × bare scan | peak memory of the client |\n| --- | ---: | ---: | ---: |")
    for label, (seconds, memory) in main_table.items():
        print(f"| {label} | {seconds:.2f} | {seconds / bare:.2f} | {memory:.0f} MB |")
    print("\n| `misroute scan` by host | seconds | × bare scan | peak memory |\n| --- | ---: | ---: | ---: |")
    for label, (seconds, memory) in others.items():
        print(f"| {label} | {seconds:.2f} | {seconds / bare:.2f} | {memory:.0f} MB |")
    print("\n| other logs | seconds | peak memory |\n| --- | ---: | ---: |")
    for label, (seconds, memory) in logs.items():
        print(f"| {label} | {seconds:.2f} | {memory:.0f} MB |")
    cold = main_table["**`misroute scan`**, whole report, by host"][0]
    print(f"\nThe report of an hour later takes {seconds_of(others, 'an hour later') / cold:.1%} of a cold one; the cache "
          f"has {kept / 1e6:.1f} MB. Time on the server: "
          + ", ".join(f"{count} × sql/{name}.sql {total:.2f} s" for name, (count, total) in spent)
          + f"; the counting alone, on two connections: {dict(spent)['tally'][1] / 2 / bare:.2f} × the bare scan.")
    print(f"\nBytes over the wire, both ways, one scan by host: {relay.bytes:,}. "
          f"Start-up of `misroute --version`: {statistics.median(t for t, _ in starts) * 1000:.1f} ms (median of 50).")


if __name__ == "__main__":
    main()
