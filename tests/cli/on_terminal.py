#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""on_terminal.py COMMAND… — what stays on the screen of a terminal that COMMAND runs on; exits as COMMAND does."""
import os
import pty
import sys

CLEAR = "\r\x1b[K"

child, screen = pty.fork()
if child == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
shown = b""
try:
    while part := os.read(screen, 4096):
        shown += part
except OSError:  # Linux says EIO when the last writer has gone
    pass
for line in shown.decode().replace("\r\n", "\n").split("\n"):
    print(line.rpartition(CLEAR)[2].rstrip())
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
