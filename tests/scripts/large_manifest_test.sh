#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# large_manifest_test.sh MISROUTE MEGABYTES
#
# Manifests of many megabytes are read in bounded time: this ends before ctest's TIMEOUT does. The incident is repeated
# in one namespace after the other.
# shellcheck source=tests/scripts/lib.sh
source "$(dirname "$0")/lib.sh"

misroute=$(realpath "${1:?usage: large_manifest_test.sh MISROUTE MEGABYTES}")
python3 - "${2:?}" >"$scratch/large.yaml" <<'PYTHON'
import sys
one = open("tests/fixtures/k8s/incident/rendered-before.yaml").read()
size, index = 0, 0
while size < int(sys.argv[1]) * 10**6:
    text = one.replace("namespace: litellm", f"namespace: n{index}") + "\n---\n"
    sys.stdout.write(text)
    size, index = size + len(text), index + 1
PYTHON
exits 0 "$misroute" init --manifests "$scratch/large.yaml"
contains 'an instance of it' "$printed" 'claude.goodvision.tech'
