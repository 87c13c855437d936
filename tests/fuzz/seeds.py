#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the hand-made seeds of the fuzz targets: tests/fuzz/seeds.py FOLDER
(tests/fuzz/corpus).  Only needed when a message changes; the seeds are in the
tree.  Every format is written out here a second time, from its description
and not with the code under test."""
import os
import struct
import sys


def u8(v): return struct.pack("<B", v)
def u16(v): return struct.pack("<H", v)
def u32(v): return struct.pack("<I", v)
def u64(v): return struct.pack("<Q", v)
def text(s): return u32(len(s)) + s


def frame(kind, ident, body, fds=0, version=1, length=None):
    n = len(body) if length is None else length
    return u32(n) + u16(kind) + u8(fds) + u8(version) + u32(ident) + body


def seeds_frame():
    ok = frame(16, 1, b"hello")
    yield "one", b"\x00" + ok
    yield "three", b"\x06" + ok + frame(3, 0, b"") + frame(17, 9, b"x" * 300)
    yield "empty-body", b"\xff" + frame(1, 2, b"")
    yield "half-head", b"\x02" + ok[:7]
    yield "half-body", b"\x02" + ok[:-2]
    yield "bad-version", b"\x10" + frame(1, 1, b"a", version=2)
    yield "fds-missing", b"\x10" + frame(2, 1, b"a", fds=1)
    yield "fds-many", b"\x10" + frame(2, 1, b"a", fds=200)
    yield "too-long", b"\x10" + frame(2, 1, b"a", length=(1 << 20) + 1)
    yield "longest-head", b"\x10" + frame(2, 1, b"a", length=1 << 20)
    yield "good-then-bad", b"\x03" + ok + frame(1, 1, b"", version=0)


def begin(**change):
    m = dict(queue=b"FollowMe", uuid=b"urn:uuid:0f1e2d3c-0000-3000-8000-"
             b"123456789abc", document=1, job=17, user=b"anna",
             host=b"localhost", title=b"Pr\xc3\xbcfung.pdf",
             format=b"application/vnd.cups-pdf", copies=2,
             options=b"media=A4 sides=two-sided-long-edge", pin=b"4711",
             scheme=b"none", server=b"/run/cups/cups.sock")
    m.update(change)
    return b"B" + text(m["queue"]) + text(m["uuid"]) + u32(m["document"]) + \
        u32(m["job"]) + text(m["user"]) + text(m["host"]) + \
        text(m["title"]) + text(m["format"]) + u32(m["copies"]) + \
        text(m["options"]) + text(m["pin"]) + text(m["scheme"]) + \
        text(m["server"])


def seeds_intake():
    yield "begin", begin()
    yield "begin-bare", begin(uuid=b"", host=b"", title=b"", format=b"",
                              options=b"", pin=b"", scheme=b"", server=b"")
    yield "begin-nul", begin(user=b"an\0na")
    yield "begin-latin1", begin(title=b"Pr\xfcfung")
    yield "begin-long", begin(queue=b"q" * 128)
    yield "begin-longest", begin(queue=b"q" * 127, options=b"o" * 8191)
    yield "begin-over", begin() + b"x"
    yield "begin-cut", begin()[:-3]
    yield "begin-huge", b"B" + u32(0xffffffff) + b"a"
    yield "spool", b"S" + u64(7) + text(bytes(range(32))) + u64(0)
    yield "spool-short-key", b"S" + u64(7) + text(bytes(31)) + u64(0)
    yield "refused", b"R" + text(b"account-limit-reached") + \
        text(b"You have 500 jobs waiting.")
    yield "refused-empty", b"R" + text(b"") + text(b"")
    yield "nothing", b"B"


def seeds_conf():
    yield "all", (b"# comment\nNum 7\nFlag yes\nTime 30s\nSize 4m\n"
                  b"Choice green\nText gr\xc3\xbcn\n")
    yield "defaults", b""
    yield "blank", b"\n\n   \n\t# x\n"
    yield "crlf", b"Num 7\r\nFlag off\r\n"
    yield "no-newline", b"Num 7"
    yield "twice", b"Num 7\nnum 8\n"
    yield "unknown", b"Nmu 7\n"
    yield "no-value", b"Num\nFlag\n"
    yield "range", b"Num 501\n"
    yield "off", b"Time 0\n"
    yield "unit", b"Time 5x\n"
    yield "overflow", b"Size 99999999999999999999t\n"
    yield "overflow-plain", b"Time 9223372036854775807\n"
    yield "overflow-unit", b"Time 9223372036854775807w\n"
    yield "negative", b"Num -5\nSize -1\n"
    yield "minus", b"Num -\n"
    yield "nul", b"Num 7\0\n"
    yield "long-line", b"Text " + b"x" * 1100 + b"\n"
    yield "long-text", b"Text " + b"x" * 255 + b"\n"
    yield "longer-text", b"Text " + b"x" * 256 + b"\n"
    yield "not-utf8", b"Text \xff\xfe\n"
    yield "control", b"Text a\x01b\n"
    yield "choice", b"Choice purple\n"


def seeds_settings():
    yield "usual", (b"NodeId 3\nHttpsPort 8443\nHttpsPortFallback 0\n"
                    b"JobExpiry 2d\nWrongPinLimit 5\nJail none\n"
                    b"UnknownUsers refuse\nStripRealm no\nLogLevel debug\n"
                    b"SpoolDir /tmp/spool\nMaxJobSize 2g\nScryptCost 10\n")
    yield "empty", b""
    yield "expiry-short", b"JobExpiry 10m\n"
    yield "expiry-long", b"JobExpiry 8d\n"
    yield "pin-limit-one", b"WrongPinLimit 1\n"
    yield "pin-limit-off", b"WrongPinLimit 0\n"
    yield "port", b"HttpsPort 65536\n"
    yield "port-zero", b"HttpsPort 0\n"
    yield "empty-dir", b"SpoolDir\n"
    yield "twice", b"Listen *\nlisten 127.0.0.1\n"
    yield "binary", bytes(range(256))


def request(route=7, caller=1, jobs=(), fields=(), njobs=None, nfields=None,
            tail=b""):
    out = u16(route) + u8(caller) + text(b"D-17") + text(b"a" * 64)
    out += u32(1000) + u32(1000) + text(b"127.0.0.1") + text(b"key-1")
    out += text(bytes(32)) + text(b"de") + u8(0) + u8(0)
    out += u32(0) + text(b"")
    out += u32(len(jobs) if njobs is None else njobs)
    for ident, copies in jobs:
        out += text(ident) + u32(copies) + text(b"")
    out += u32(len(fields) if nfields is None else nfields)
    for ident, value in fields:
        out += u16(ident)
        if isinstance(value, bytes):
            out += u8(1) + text(value)
        else:
            out += u8(0) + struct.pack("<q", value)
    return b"Q" + out + tail


def response(status=200, problem=b"", body=b"{}"):
    return b"R" + u32(status) + u8(0) + text(problem) + text(b"") + u32(0) + \
        text(body)


def seeds_request():
    yield "bare", request()
    yield "fields", request(fields=[(0, b"id"), (1, 7), (22, b"login"),
                                    (30, b"\xc3\xbc"), (2, -1)])
    yield "jobs", request(jobs=[(b"0ABC", 0), (b"0ABD", 3)],
                          fields=[(22, b"release")])
    yield "jobs-copies", request(jobs=[(b"0ABC", 1000)])
    yield "jobs-many", request(njobs=201)
    yield "jobs-lie", request(njobs=200)
    yield "fields-lie", request(nfields=0xffffffff)
    yield "field-twice", request(fields=[(1, b"a"), (1, b"b")])
    yield "field-unknown", request(fields=[(5000, b"a")])
    yield "field-nul", request(fields=[(1, b"a\0b")])
    yield "field-latin1", request(fields=[(1, b"\xfc")])
    yield "route-unknown", request(route=9999)
    yield "caller-unknown", request(caller=4)
    yield "tail", request(tail=b"x")
    yield "cut", request()[:40]
    yield "answer", response()
    yield "answer-problem", response(0, b"quota-exceeded", b"")
    yield "answer-long-problem", response(0, b"q" * 40, b"")
    yield "answer-cut", response()[:-1]


def lpr(queue=b"\0", control=b"\0\0", data=b"\0", final=b"\0",
        title=b"Bericht", flags=0):
    return u8(flags) + b"".join(u8(len(x)) + x for x in
                                (title, queue, control, data, final))


def seeds_lpr():
    yield "sent", lpr()
    yield "sent-data-first", lpr(flags=1, control=b"\0\0")
    yield "queue-no", lpr(queue=b"\1")
    yield "queue-text", lpr(queue=b"lpd: no such queue\n")
    yield "queue-silent", lpr(queue=b"")
    yield "queue-no-text", lpr(queue=b"\3spool queue does not exist\n\xff")
    yield "control-no", lpr(control=b"\0\2")
    yield "control-line-no", lpr(control=b"\3disk full")
    yield "data-no", lpr(data=b"\2\x1b[2J\x9b\xc3\n")
    yield "final-no", lpr(final=b"\1")
    yield "final-silent", lpr(final=b"")
    yield "in-advance", lpr(queue=b"\0" * 9)
    yield "hostile-title", lpr(title=b"a\nldfA000x\r\x85\xc2\x85\xff")
    yield "long-title", lpr(title=b"\xc3\xbc" * 127)
    yield "closes", lpr(flags=2, queue=b"")
    yield "closes-late", lpr(flags=2)
    yield "cut", lpr()[:5]


def seeds_spool():
    yield "whole", b"V" + u16(0) + u16(100)
    yield "empty", b"V" + u16(0) + u16(0)
    yield "two-chunks", b"V" + u16(1) + u16(5)
    yield "flip-header", b"V" + u16(0) + u16(100) + b"X" + u32(9) + b"\x01"
    yield "flip-body", b"V" + u16(0) + u16(100) + b"X" + u32(40) + b"\x80"
    yield "flip-tag", b"V" + u16(0) + u16(100) + b"X" + u32(140) + b"\x80"
    yield "flip-second", b"V" + u16(1) + u16(9) + b"X" + u32(70000) + b"\1"
    yield "cut", b"V" + u16(0) + u16(100) + b"T" + u32(120) + b"\0"
    yield "cut-to-header", b"V" + u16(0) + u16(100) + b"T" + u32(32) + b"\0"
    yield "cut-chunk", b"V" + u16(1) + u16(9) + b"T" + u32(1048624) + b"\0"
    yield "longer", b"V" + u16(0) + u16(100) + b"T" + u32(200) + b"\0"
    yield "other-job", b"V" + u16(0) + u16(3) + b"X" + u32(16) + b"\x07"
    yield "raw-magic", b"RRELSPOOL" + bytes(60)
    yield "raw-short", b"RREL"
    yield "raw-nothing", b"R"
    yield "raw-text", b"R%!PS-Adobe-3.0\n" + b"showpage\n" * 10


def main():
    out = sys.argv[1]
    for name, make in sorted(globals().items()):
        if not name.startswith("seeds_"):
            continue
        folder = os.path.join(out, name[len("seeds_"):])
        os.makedirs(folder, exist_ok=True)
        for seed, data in make():
            with open(os.path.join(folder, seed), "wb") as f:
                f.write(data)


main()
