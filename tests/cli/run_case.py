#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs one golden case: tests/cli/<verb>/<case>/.

A case is a folder with `claim` (one sentence: what must be true of the expectations below it; they are read against
it whenever they change), `command` (a line for bash, run inside the folder with misroute in PATH), `exit`, `stdout` and
`stderr` (absent: empty), and, when it needs rows, `setup.sql`, which is run in a database of its own on the server of
PG*. `--update` writes the expectations anew, and prints the claim of every case that changed; review with git diff.
"""
import difflib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCHEMA = [ROOT / "sql/demo/01_schema.sql", ROOT / "tests/db/rows.sql"]


def psql(database, *arguments):
    subprocess.run(["psql", "-qX", "-v", "ON_ERROR_STOP=1", "-d", database, *arguments], check=True,
                   stdout=subprocess.DEVNULL)


def environment(folder, binary, scratch):
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith("MISROUTE_") or name.startswith("MISROUTE_TEST_")}
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "GITHUB_ACTIONS", "DATABASE_URL"):
        kept.pop(name, None)
    return kept | {"PATH": f"{binary.parent}:{kept['PATH']}", "LC_ALL": "C.UTF-8", "COLUMNS": "100", "TERM": "xterm",
                   "TZ": "Asia/Seoul", "MISROUTE_TZ": "UTC", "HOME": scratch, "XDG_CONFIG_HOME": scratch, "SCRATCH": scratch,
                   "XDG_STATE_HOME": scratch, "CASE": str(folder)}


def run(folder, binary):
    database = f"c{os.getpid():07d}"  # as wide as the DATABASE that replaces it
    with tempfile.TemporaryDirectory() as scratch:
        env = environment(folder, binary, scratch)
        setup = folder / "setup.sql"
        if setup.exists():
            if "PGHOST" not in os.environ:
                sys.exit("no PostgreSQL: PGHOST is not set; run script/test, or script/with-postgres ctest")
            psql("postgres", "-c", f'create database "{database}"')
            env["PGDATABASE"] = database
        try:
            if setup.exists():
                for file in (*SCHEMA, setup):
                    psql(database, "-f", str(file))
            result = subprocess.run(["bash", "-c", (folder / "command").read_text()], cwd=folder, env=env,
                                    stdin=subprocess.DEVNULL, capture_output=True, timeout=120, check=False)
        finally:
            if setup.exists():
                psql("postgres", "-c", f'drop database if exists "{database}" with (force)')
    replaced = lambda raw: re.sub(r"misroute (\d+\.\d+\.\d+) \([^)]*\)", r"misroute \1 (REVISION)",
                                  raw.decode("utf-8", "surrogateescape").replace(database, "DATABASE")
                                  .replace(scratch, "SCRATCH").replace(os.environ.get("PGHOST", "\0"), "PGHOST")
                                  .replace(os.environ.get("MISROUTE_TEST_TCP_PORT", "\0"), "TCP_PORT"))
    return {"exit": f"{result.returncode}\n", "stdout": replaced(result.stdout), "stderr": replaced(result.stderr)}


def expected(folder, name):
    file = folder / name
    return file.read_bytes().decode("utf-8", "surrogateescape") if file.exists() else ""


def claim_of(folder):
    file = folder / "claim"
    claim = file.read_text(encoding="utf-8").strip() if file.exists() else ""
    if not claim.endswith(".") or "\n" in claim or len(claim.split()) < 5:
        sys.exit(f"{folder.name}/claim: say in one line, a sentence with its full stop, what must be true of this case")
    return claim


def update(folder, actual):
    if any(expected(folder, name) != text for name, text in actual.items()):
        print(f"{folder.parent.name}/{folder.name}: must hold: {claim_of(folder)}")
    for name, text in actual.items():
        if text:
            (folder / name).write_bytes(text.encode("utf-8", "surrogateescape"))
        else:
            (folder / name).unlink(missing_ok=True)


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--update"]
    folder, binary = pathlib.Path(arguments[0]).resolve(), pathlib.Path(arguments[1]).resolve()
    if (folder / "setup.sql").exists() and not shutil.which("psql"):
        sys.exit("psql is not installed; run script/setup")
    claim = claim_of(folder)
    actual = run(folder, binary)
    if "--update" in sys.argv:
        update(folder, actual)
        return
    failed = False
    for name, text in actual.items():
        want = expected(folder, name)
        if text != want:
            failed = True
            sys.stdout.writelines(difflib.unified_diff(want.splitlines(True), text.splitlines(True),
                                                       f"expected {name}", f"actual {name}"))
    if failed:
        print(f"must hold: {claim}")
    sys.exit(1 if failed else 0)


main()
