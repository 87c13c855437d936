#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
"""card-reader.py FIFO: a card reader that types. Each line of standard input is
a card (or what a keypad types), sent as key events of Linux with Enter behind."""
import struct
import sys

ENTER, SHIFT = 28, 42
ROWS = {2: "1234567890-=", 16: "qwertyuiop", 30: "asdfghjkl;", 44: "zxcvbnm,./"}
CODE = {c: first + i for first, row in ROWS.items() for i, c in enumerate(row)}

def event(kind, code, value):
    return struct.pack("llHHi", 0, 0, kind, code, value)

def press(code):
    return event(1, code, 1) + event(1, code, 0) + event(0, 0, 0)

with open(sys.argv[1], "wb", buffering=0) as fifo:
    for line in sys.stdin:
        out = b""
        for c in line.rstrip("\n"):
            code = press(CODE[c.lower()])
            out += event(1, SHIFT, 1) + code + event(1, SHIFT, 0) if c.isupper() else code
        fifo.write(out + press(ENTER))
