#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints how many of the everyday calls that were answered have no row that names their hostname: LiteLLM lost the row,
or its tags, before any reader came."""
from conftest import EVERYDAY, TWINS, read, read_phases, rows_by_phase

rows = rows_by_phase(read_phases())
counted = (*EVERYDAY, "routed", *TWINS)
print(sum(call["phase"] in counted for call in read("sent.jsonl"))
      - sum(row.host is not None for phase in counted for row in rows[phase]))
