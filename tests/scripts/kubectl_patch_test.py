#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Applies every patch that `misroute k8s` prints for a manifest with `kubectl patch --local`, and examines the result.

usage: kubectl_patch_test.py MISROUTE MANIFEST…   (exit 77, skipped, without kubectl or PyYAML)
"""
import json
import shutil
import subprocess
import sys

try:
    import yaml
except ImportError:
    sys.exit(77)

RULE = "service-selects-other-instance"


def report(binary, text):
    result = subprocess.run([binary, "k8s", "-", "--format=json"], input=text, capture_output=True, text=True, check=False)
    return json.loads(result.stdout)


def findings(binary, text):
    return [found for found in report(binary, text)["findings"] if found["rule"] == RULE]


def own(binary, text):
    """The workloads of its own instance that each Service selects."""
    return {service["name"]: sorted(one["name"] for one in service["workloads"] if one["instance"] == service["instance"])
            for service in report(binary, text)["cluster"]["services"]}


def patched(document, patch):
    result = subprocess.run(["kubectl", "patch", "--local", "--type", "merge", "-f", "-", "-p", patch, "-o", "json"],
                            input=json.dumps(document), capture_output=True, text=True, check=False)
    if result.returncode != 0:
        sys.exit(f"kubectl refuses {patch}: {result.stderr}")
    return json.loads(result.stdout)


def name_of(document):
    metadata = document["metadata"]
    return f'{document["kind"]} {"/".join(filter(None, (metadata.get("namespace"), metadata["name"])))}'


def main():
    binary, *files = sys.argv[1:]
    if not shutil.which("kubectl"):
        sys.exit(77)
    for file in files:
        with open(file, encoding="utf-8") as stream:
            documents = [one for one in yaml.safe_load_all(stream) if one]
        before = findings(binary, yaml.safe_dump_all(documents))
        owned = own(binary, yaml.safe_dump_all(documents))
        steps = [step for found in before for step in found["steps"] if step["command"] and step["patch"]]
        if not steps:
            sys.exit(f"{file}: no patch to apply")
        for step in steps:
            documents = [patched(one, step["patch"]) if name_of(one) == step["object"] else one for one in documents]
        left = findings(binary, yaml.safe_dump_all(documents))
        if own(binary, yaml.safe_dump_all(documents)) != owned:
            sys.exit(f"{file}: a Service has lost pods of its own, or gained some")
        if left:
            sys.exit(f"{file}: still found after every patch: {[found['message'] for found in left]}")


main()
