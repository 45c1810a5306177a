#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Applies every remedy that `misroute k8s` prints for a manifest, and examines what comes out: each `kubectl patch` with
`kubectl patch --local`, each entry of a kustomization with `kubectl kustomize`.

usage: kubectl_patch_test.py MISROUTE FOLDER   (exit 77, skipped, without kubectl or PyYAML)

FOLDER is tests/fixtures/k8s; every manifest below it with a patch in its report is tried.
"""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

try:
    import yaml
except ImportError:
    print("SKIPPED: no PyYAML, so no patch was applied")
    sys.exit(77)

RULES = {"service-selects-other-instance", "host-reaches-other-instance", "identical-selectors"}
LEAST_MANIFESTS = 12  # or the fixtures have moved, and nothing is tried


def report(binary, text):
    result = subprocess.run([binary, "k8s", "-", "--format=json"], input=text, capture_output=True, text=True, check=False)
    return json.loads(result.stdout)


def findings(seen):
    return [found for found in seen["findings"] if found["rule"] in RULES]


def own(seen):
    """The workloads of its own instance that each Service selects."""
    return {service["name"]: sorted(one["name"] for one in service["workloads"] if one["instance"] == service["instance"])
            for service in seen["cluster"]["services"]}


def kubectl(arguments, text, what):
    result = subprocess.run(["kubectl", *arguments], input=text, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        sys.exit(f"kubectl refuses {what}: {result.stderr}")
    return result.stdout


def patched(document, step):
    """The object after the command as it is printed, with --local in it."""
    kind = re.search(r"kubectl (?:-n \S+ )?patch (\S+) (\S+) --type merge -p '(.*)'", step["command"])
    if not kind or kind[2] != document["metadata"]["name"] or kind[3] != step["patch"]:
        sys.exit(f"the command is not that of the patch: {step}")
    if kind[1] in ("rollout", "clone set", "cloneset", "deploymentconfig"):
        return merged(document, json.loads(step["patch"]))  # kubectl knows no schema of these without a server
    printed = kubectl(["patch", "--local", "--type", "merge", "-f", "-", "-p", step["patch"], "-o", "json"],
                      json.dumps(document), step["patch"])
    return json.loads(printed)


def merged(document, patch):
    for key, value in patch.items():
        document[key] = merged(dict(document.get(key, {})), value) if isinstance(value, dict) else value
    return document


def name_of(document):
    metadata = document["metadata"]
    return f'{document["kind"]} {"/".join(filter(None, (metadata.get("namespace"), metadata["name"])))}'


def must_hold(file, how, before, text, binary):
    after = report(binary, text)
    left = findings(after)
    if own(after) != own(before):
        sys.exit(f"{file}: {how}: a Service has lost pods of its own, or gained some")
    if left:
        sys.exit(f"{file}: {how}: still found: {[found['message'] for found in left]}")


def match_labels_hold(file, documents):
    for one in documents:
        spec = one.get("spec") or {}
        wanted = (spec.get("selector") or {}).get("matchLabels") if isinstance(spec.get("selector"), dict) else None
        labels = spec.get("template", {}).get("metadata", {}).get("labels", {})
        if wanted and any(labels.get(key) != value for key, value in wanted.items()):
            sys.exit(f"{file}: matchLabels of {name_of(one)} no longer fit its pods")


def apply_patches(file, documents, before, binary):
    done = 0
    for found in before["findings"]:
        for step in found["steps"]:
            if step["command"] and step["patch"]:
                documents = [patched(one, step) if name_of(one) == step["object"] else one for one in documents]
                done += 1
    if done:
        match_labels_hold(file, documents)
        must_hold(file, "after every patch", before, yaml.safe_dump_all(documents), binary)
    return done


def apply_entries(file, documents, before, binary):
    """Each entry in a kustomization of what its label is on: an instance is a folder, as those who read it have it."""
    entries = sorted({step["patch"] for found in before["findings"] for step in found["steps"]
                      if (step["patch"] or "").startswith("labels:")})
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        rest = documents
        for number, entry in enumerate(entries):
            ((key, value),) = yaml.safe_load(entry)["labels"][0]["pairs"].items()
            mine = [one for one in rest if one["metadata"].get("labels", {}).get(key) == value]
            rest = [one for one in rest if one not in mine]
            (folder / str(number)).mkdir()
            (folder / str(number) / "all.yaml").write_text(yaml.safe_dump_all(mine))
            (folder / str(number) / "kustomization.yaml").write_text(f"resources: [all.yaml]\n{entry}\n")
        (folder / "rest.yaml").write_text(yaml.safe_dump_all(rest))
        names = [str(number) for number in range(len(entries))] + (["rest.yaml"] if rest else [])
        (folder / "kustomization.yaml").write_text(f"resources: {json.dumps(names)}\n")
        if entries:
            text = kubectl(["kustomize", scratch], "", f"the entries of {file}")
            match_labels_hold(file, [one for one in yaml.safe_load_all(text) if one])
            must_hold(file, "after every entry", before, text, binary)
    return len(entries)


def main():
    binary, folder = sys.argv[1:]
    if not shutil.which("kubectl"):
        print("SKIPPED: kubectl is not installed, so no patch was applied")
        sys.exit(77)
    manifests, patches, entries = 0, 0, 0
    for file in sorted(pathlib.Path(folder).rglob("*.yaml")):
        if file.name == "broken.yaml" or "kustomization.yaml" in {near.name for near in file.parent.iterdir()}:
            continue
        documents = [one for one in yaml.safe_load_all(file.read_text(encoding="utf-8")) if one]
        before = report(binary, yaml.safe_dump_all(documents))
        here = apply_patches(file, documents, before, binary)
        entries += apply_entries(file, documents, before, binary)
        manifests, patches = manifests + (here > 0), patches + here
    print(f"{patches} patches and {entries} entries of {manifests} manifests")
    if manifests < LEAST_MANIFESTS or entries == 0:
        sys.exit("too few: where are the fixtures?")


main()
