# SPDX-License-Identifier: Apache-2.0
"""Every order of pairs, formats first or files first as the argument says, and at every place a path; counts those that came
out right."""
import itertools
import os
import pathlib
import shutil
import subprocess
import sys

SCRATCH = pathlib.Path(os.environ["SCRATCH"])
FIXTURE = pathlib.Path("../../../fixtures/k8s/incident/rendered-after-fields.yaml")
BEGINS = {"json": "{", "junit": "<?xml", "prometheus": "# HELP", "table": "misroute k8s"}
PATHS = [shutil.copy(FIXTURE, SCRATCH / name) for name in ("a.yaml", "b.yaml")]


def right(formats, file_first, place):
    words = []
    for name in formats:
        pair = [["-f", name], ["-o", str(SCRATCH / f"{name}.txt")]]
        words += pair[::-1] if file_first else pair
    words.insert(place, [PATHS[0]])
    words.insert(place + 2, [PATHS[1]])
    done = subprocess.run(["misroute", "k8s", *itertools.chain(*words)], capture_output=True, text=True, check=False)
    files = {name: (SCRATCH / f"{name}.txt") for name in formats}
    good = (done.returncode == 0 and not done.stdout and not done.stderr
            and all(file.exists() and file.read_text().startswith(BEGINS[name]) for name, file in files.items())
            and all(pathlib.Path(path).read_bytes() == FIXTURE.read_bytes() for path in PATHS))
    if not good:
        print("wrong:", *itertools.chain(*words), done.returncode, done.stderr)
    for file in files.values():
        file.unlink(missing_ok=True)
    return good


RIGHT = [right(formats, sys.argv[1] == "files", place) for count in (2, 3) for formats in itertools.permutations(BEGINS, count)
         for place in range(2 * count)]
print(sum(RIGHT), "of", len(RIGHT))
