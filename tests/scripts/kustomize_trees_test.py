#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Kustomization trees as people write them, rendered by the kubectl that is installed: what `misroute k8s FOLDER` finds.

usage: kustomize_trees_test.py MISROUTE   (exit 77, skipped, without kubectl)

Each case is a tree of files, the rules that must be found, and the exit code with --fail-on warning.
"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata: {name: proxy}
spec:
  selector: {matchLabels: {app: proxy}}
  template:
    metadata: {labels: {app: proxy}}
    spec:
      containers:
        - name: litellm
          image: registry.example/litellm:v1
          args: [--config, /etc/litellm/config.yaml]
          volumeMounts: [{name: config, mountPath: /etc/litellm}]
      volumes: [{name: config, configMap: {name: config}}]
"""
SERVICE = """apiVersion: v1
kind: Service
metadata: {name: proxy}
spec: {selector: {app: proxy}, ports: [{port: 4000}]}
"""
BASE = {"base/kustomization.yaml": "resources: [deployment.yaml, service.yaml]\n", "base/deployment.yaml": DEPLOYMENT,
        "base/service.yaml": SERVICE}


def instance(name, model, labels, more=""):
    return {
        f"{name}/kustomization.yaml": f"namePrefix: {name}-\nresources: [../base]\nlabels:\n  - pairs: {{instance: {name}}}\n"
                                      f"    {labels}\nconfigMapGenerator:\n  - {{name: config, files: [config.yaml]}}\n{more}",
        f"{name}/config.yaml": f"model_list: [{{model_name: large, litellm_params: {{model: {model}/large}}}}]\n"}


def two(labels, more=""):
    return BASE | instance("birch", "anthropic", labels, more) | instance("cedar", "openai", labels, more)


COMPONENT = {"labelled/kustomization.yaml": "kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\n"
                                            "patches:\n  - target: {kind: Service}\n    patch: |\n"
                                            "      - {op: replace, path: /spec/selector, value: {app: proxy}}\n"}
REPLACEMENT = """replacements:
  - source: {kind: Deployment, name: proxy, fieldPath: metadata.labels.instance}
    targets:
      - select: {kind: Service, name: proxy}
        fieldPaths: [spec.selector.instance]
        options: {create: true}
"""
FIELDS = "includeTemplates: true\n    fields: [{path: spec/selector, kind: Service, version: v1, create: false}]"
SHOP = {"shop/kustomization.yaml": "namePrefix: shop-\nresources: [shop.yaml]\nlabels:\n  - pairs: {instance: shop}\n",
        "shop/shop.yaml": DEPLOYMENT.replace("litellm", "shop").replace("proxy", "till") + "---\n" +
                          SERVICE.replace("proxy", "till")}
FOUNDING = {"service-selects-other-instance", "identical-selectors", "label-not-in-selector"}

CASES = {
    "the founding fault": (two("includeSelectors: false"), FOUNDING, 1),
    "mended by fields": (two(FIELDS), set(), 0),
    "mended by includeSelectors": (two("includeSelectors: true"), set(), 0),
    "a label that replacements bring to the selector": (two("includeTemplates: true", REPLACEMENT), set(), 0),
    "a component that takes the label away again": (
        two(FIELDS, "components: [../labelled]\n") | COMPONENT, set(), 0),  # components run before labels
    "another application beside it": (two(FIELDS) | SHOP, set(), 0),
    "another application with a fault in its own kustomization": (
        two(FIELDS) | SHOP | {"shop/kustomization.yaml": "resources: [shop.yaml]\npatches:\n  - patch: |\n"
                            "      {apiVersion: v1, kind: Service, metadata: {name: gone}}\n"}, set(), 0),
    "a patch that is not there": (two(FIELDS, "patches: [{path: gone.yaml}]\n"), set(), 3),
    "a base from the network": (
        {"birch/kustomization.yaml": "namePrefix: birch-\nresources: ['https://example.org/x//base?ref=v1']\n"}, set(), 3),
    "stages of one name": (
        BASE | {"dev/kustomization.yaml": "resources: [../base]\nreplicas: [{name: proxy, count: 1}]\n",
                "prod/kustomization.yaml": "resources: [../base]\nreplicas: [{name: proxy, count: 3}]\n"}, set(), 3),
}


def examine(binary, tree):
    with tempfile.TemporaryDirectory() as scratch:
        for name, text in tree.items():
            file = pathlib.Path(scratch) / name
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8")
        result = subprocess.run([binary, "k8s", ".", "--format=json", "--fail-on=warning"], cwd=scratch,
                                capture_output=True, text=True, check=False)
        report = json.loads(result.stdout)
        for found in report["findings"]:
            if not (pathlib.Path(scratch) / found["location"]["file"]).is_file():
                sys.exit(f"no such file: {found['location']}")
    return report, result.returncode


def main():
    if not shutil.which("kubectl"):
        print("SKIPPED: kubectl is not installed, so no tree was rendered")
        sys.exit(77)
    failed = False
    for name, (tree, rules, code) in CASES.items():
        report, actual = examine(sys.argv[1], tree)
        found = {one["rule"] for one in report["findings"]}
        if found != rules or actual != code:
            failed = True
            print(f"{name}: found {sorted(found)} with exit code {actual}, and not {sorted(rules)} with {code}")
            print("\n".join(report["cluster"].get("unexamined", []) + report["notes"]))
    sys.exit(1 if failed else 0)


main()
