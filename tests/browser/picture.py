# SPDX-License-Identifier: Apache-2.0
"""picture.py PAGE.html PICTURE.png: the top of a page as people see it."""
import base64
import pathlib
import sys

from webdriver import browser

WIDTH, HEIGHT = 1000, 1640

with browser() as look:
    look.resize(WIDTH, HEIGHT)
    look.open(sys.argv[1])
    pathlib.Path(sys.argv[2]).write_bytes(base64.b64decode(look.call("/screenshot")))
