#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""docs/config.schema.json says what misroute says: config_schema_test.py MISROUTE

Every configuration in README, docs/ and the golden cases that `misroute config check` accepts conforms to the schema,
what it refuses for its shape does not, and every rule is in the list that editors complete from.
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

import yaml
from jsonschema import Draft202012Validator

BINARY = str(pathlib.Path(sys.argv[1]).resolve())
ROOT = pathlib.Path(__file__).resolve().parents[2]
KEYS = {"database", "entry", "instances", "ignore"}


class Loader(yaml.SafeLoader):
    """As YAML 1.2 and editors read it: a date is a text."""


Loader.yaml_implicit_resolvers = {
    letter: [(tag, expression) for tag, expression in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()}


def candidates():
    """(where, text) of every configuration that the repository shows."""
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for number, block in enumerate(re.findall(r"^ *```yaml\n(.*?)^ *```", path.read_text(), re.S | re.M)):
            indent = len(block) - len(block.lstrip(" "))
            yield f"{path.relative_to(ROOT)}#{number}", re.sub(f"^ {{{indent}}}", "", block, flags=re.M)
    for path in sorted((ROOT / "tests/cli").rglob("*")):
        if path.is_file() and (path.suffix == ".yaml" or (path.parent.parent.name == "init" and path.name == "stdout")):
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8", errors="replace")


def complaints(text):
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write(text)
        file.flush()
        done = subprocess.run([BINARY, "config", "check", "--now", "2026-11-22", file.name], capture_output=True, text=True,
                              check=False)
    assert done.returncode in (0, 2), done
    return done.stderr if done.returncode else ""


def main():
    schema = json.loads(subprocess.run([BINARY, "config", "schema"], capture_output=True, check=True).stdout)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    failures = []
    rules = {path.stem for path in (ROOT / "docs/rules").glob("*.md")} | {"*"}
    if set(schema["$defs"]["ignore"]["properties"]["rule"]["enum"]) != rules:
        failures.append("the rules of the schema are not those of docs/rules")
    sound = unsound = 0
    for where, text in candidates():
        try:
            document = yaml.load(text, Loader)
        except yaml.YAMLError:
            continue
        if not isinstance(document, dict) or not KEYS & set(document) or "apiVersion" in document:
            continue
        said = complaints(text)
        errors = [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(document)]
        if not said:
            sound += 1
            failures += [f"{where}: {error}" for error in errors]
        elif not errors and "holds no instance" not in said and "stands under instances" not in said:
            failures.append(f"{where}: refused, and the schema does not say why: {said}")
        else:
            unsound += 1
    wrong = ["instances: {a: {expect: [{provider: openai}], host: [x]}}", "instances: {a: {hosts: [x]}}",
             "instances: {a: {expect: []}}", "instances: {a: {expect: [{}]}}", "ignore: [{reason: x}]",
             "ignore: [{rule: no-such-rule}]", "instances: {a: {expect: [{provider: openai}], keys: [sk-1234]}}",
             "instances: {a: {expect: [{provider: openai}], deployments: gpt-5}}",
             "instances: {a: {expect: [{provider: openai}], open: perhaps}}", "entry: {host_tags: host}",
             "ignore: [{issuer: x, until: tomorrow}]"]
    for text in wrong:
        if not complaints(text):
            failures.append(f"misroute accepts: {text}")
        if validator.is_valid(yaml.load(text, Loader)):
            failures.append(f"the schema accepts: {text}")
    print(*failures, sep="\n")
    print(f"{sound} configurations conform, {unsound + len(wrong)} do not and should not")
    return 1 if failures or sound < 10 else 0


if __name__ == "__main__":
    sys.exit(main())
