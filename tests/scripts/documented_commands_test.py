#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every command of misroute in README, docs/ and its own examples runs as it is written.

documented_commands_test.py MISROUTE

Takes the lines of shell blocks and of the examples in every help that run misroute, alone or behind a pipe, and runs each beside the database of the
demonstration, in a folder with its configuration. kubectl and helm are stand-ins that print the manifests of the incident;
nothing leaves this machine. A command may find something (1) or not be able to tell (3), but exit 2 is a fault of the
documentation, but for a probe, which nobody answers here. Needs the server of script/test.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

BINARY = pathlib.Path(sys.argv[1]).resolve()
ROOT = pathlib.Path(__file__).resolve().parents[2]
STAND_IN = f"""#!/bin/sh
case "$*" in
*" get deploy "*) echo '{{"apiVersion": "v1", "kind": "List", "items": []}}' ;;
*) cat '{ROOT}/tests/fixtures/k8s/incident/rendered-before.yaml' ;;
esac
"""
# What a rollout has to have happened for, or what waits longer than a test may.
SKIPPED = ("--since-rollout",)


def documented():
    """(where, command line)."""
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for block in re.findall(r"^ *```(?:sh|console)\n(.*?)^ *```", path.read_text(), re.S | re.M):
            for line in block.replace("\\\n", " ").splitlines():
                yield path.relative_to(ROOT), re.sub(r"^\$ ", "", line.strip())
    overview = subprocess.run([BINARY, "--help"], capture_output=True, text=True, check=False).stdout
    for command in re.findall(r"^  ([a-z0-9]+) {2,}", overview, re.M):
        page = subprocess.run([BINARY, command, "--help"], capture_output=True, text=True, check=False).stdout
        for line in re.findall(r"^  ((?:kubectl|misroute|MISROUTE_).*misroute.*|misroute .*)$", page, re.M):
            yield f"misroute {command} --help", line


def folder_of(scratch):
    """A folder in which the names that examples use are there."""
    shutil.copy(ROOT / "docs/examples/misroute.yaml", scratch / "misroute.yaml")
    manifests = ROOT / "tests/fixtures/k8s/incident/rendered-before.yaml"
    shutil.copy(manifests, scratch / "rendered.yaml")
    (scratch / "deploy").mkdir()
    shutil.copy(manifests, scratch / "deploy/all.yaml")
    shutil.copy(ROOT / "docs/examples/misroute.yaml", scratch / "deploy/misroute.yaml")
    tools = scratch / "tools"
    tools.mkdir()
    for name in ("kubectl", "helm", "psql"):
        (tools / name).write_text(STAND_IN if name != "psql" else "#!/bin/sh\ncat >/dev/null\n")
        (tools / name).chmod(0o755)
    (tools / "misroute").symlink_to(BINARY)
    return tools


def run(line, scratch, environment):
    line = line.replace("/run/secrets/litellm-key", "key").replace("--wait 5m", "--wait 0s")
    line = line.replace("sk-…", "sk-1234")
    if re.search(r"init .*-o misroute.yaml", line):
        (scratch / "misroute.yaml").unlink()  # init keeps a file that is there, and the next commands need it
    line = re.sub(r"postgresql://\S+", "dbname=$PGDATABASE", line)
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {line}"], cwd=scratch, env=environment, capture_output=True,
                          stdin=subprocess.DEVNULL, text=True, timeout=120, check=False)
    shutil.copy(ROOT / "docs/examples/misroute.yaml", scratch / "misroute.yaml")
    unanswered = "misroute probe" in line and "cannot probe" in done.stderr
    return None if done.returncode in (0, 1, 3) or unanswered else f"exit {done.returncode}: {done.stderr.strip()}"


def main():
    database = f"misroute_test_documented_{os.getpid()}"
    psql = ["psql", "-qX", "-v", "ON_ERROR_STOP=1"]
    failures = []
    ran = 0
    with tempfile.TemporaryDirectory() as folder:
        scratch = pathlib.Path(folder)
        tools = folder_of(scratch)
        (scratch / "key").write_text("sk-1234\n")
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MISROUTE_")}
        environment |= {"PATH": f"{tools}:{environment['PATH']}", "PGDATABASE": database, "HOME": folder,
                        "XDG_STATE_HOME": folder, "XDG_CACHE_HOME": folder, "XDG_CONFIG_HOME": folder,
                        "DATABASE_URL": f"dbname={database}", "MISROUTE_WAIT": "0s",
                        # No request leaves this machine, whatever a name in an example leads to.
                        "https_proxy": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9"}
        subprocess.run([*psql, "-d", "postgres", "-c", f"create database {database}"], check=True)
        try:
            for file in sorted((ROOT / "sql/demo").glob("0[12]_*.sql")):
                subprocess.run([*psql, "-d", database, "-f", str(file)], check=True, stdout=subprocess.DEVNULL)
            (scratch / "2026-11-22.json").write_text("")
            subprocess.run(["bash", "-c", "misroute scan --format json -o report.json; cp report.json 2026-11-22.json; "
                            "cp report.json 2026-11-23.json; misroute trace host:claude.goodvision.tech --format json "
                            "-o trace.json"], cwd=scratch, env=environment, check=True, capture_output=True)
            for where, line in documented():
                if not re.search(r"(^|[|;&] *|[A-Z]=\S+ )misroute ", line) or any(word in line for word in SKIPPED):
                    continue
                ran += 1
                wrong = run(line, scratch, environment)
                if wrong:
                    failures.append(f"{where}: {line}\n    {wrong}")
        finally:
            subprocess.run([*psql, "-d", "postgres", "-c", f"drop database {database} with (force)"], check=True)
    print(*failures, sep="\n")
    print(f"{ran} commands run, {len(failures)} fail")
    return 1 if failures or ran < 40 else 0


if __name__ == "__main__":
    sys.exit(main())
