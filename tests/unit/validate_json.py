#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""validate_json.py SCHEMA FILE...: exits 0 when the schema is one and every file conforms to it."""

import json
import sys

from jsonschema import Draft202012Validator

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
Draft202012Validator.check_schema(schema)
validator = Draft202012Validator(schema)

failures = 0
for name in sys.argv[2:]:
    with open(name, encoding="utf-8") as file:
        document = json.load(file)
    for error in validator.iter_errors(document):
        failures += 1
        print(f"{name}: {error.json_path}: {error.message[:300]}")
sys.exit(1 if failures else 0)
