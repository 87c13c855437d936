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


def record(seq=1, sides=12, colour=2, sheets=6, ref=b"7K3QX9M2TA"):
    out = struct.pack("<q", seq) + text(b"") + text(b"") + text(b"r-1")
    out += text(b"") + text(ref) + text(b"print") + text(b"completed")
    out += text(b"") + text(b"device") + text(b"iso_a4_210x297mm")
    return out + struct.pack("<qqq", sides, colour, sheets)


def request(route=7, caller=1, jobs=(), fields=(), njobs=None, nfields=None,
            tail=b"", records=(), nrecords=None):
    out = u16(route) + u8(caller) + text(b"D-17") + text(b"a" * 64)
    out += u32(1000) + u32(1000) + text(b"") + text(b"127.0.0.1")
    out += text(b"key-1") + text(bytes(32)) + text(b"de") + u8(0) + u8(0)
    out += text(b"copies=2 color=mono") + text(b"")
    out += u32(len(jobs) if njobs is None else njobs)
    for ident, copies in jobs:
        out += text(ident) + text(b"copies=%d" % copies) + text(b"")
    out += u32(len(records) if nrecords is None else nrecords)
    out += b"".join(records)
    out += u32(len(fields) if nfields is None else nfields)
    for ident, value in fields:
        out += u16(ident)
        if isinstance(value, bytes):
            out += u8(1) + text(value)
        else:
            out += u8(0) + struct.pack("<q", value)
    return b"Q" + out + tail


def response(status=200, problem=b"", body=b"{}"):
    return b"R" + u32(status) + u8(0) + text(problem) + text(b"words") + \
        text(b"field") + u32(0) + text(body)


def seeds_request():
    yield "bare", request()
    yield "fields", request(fields=[(0, b"id"), (1, 7), (22, b"login"),
                                    (30, b"\xc3\xbc"), (2, -1)])
    yield "jobs", request(jobs=[(b"0ABC", 0), (b"0ABD", 3)],
                          fields=[(22, b"release")])
    yield "jobs-copies", request(jobs=[(b"0ABC", 1000)])
    yield "jobs-many", request(njobs=201)
    yield "jobs-lie", request(njobs=200)
    yield "records", request(records=[record(), record(seq=2)])
    yield "records-many", request(nrecords=101)
    yield "records-lie", request(nrecords=100)
    yield "record-colour", request(records=[record(colour=13)])
    yield "record-negative", request(records=[record(sheets=-1)])
    yield "record-ref", request(records=[record(ref=b"7" * 40)])
    yield "fields-lie", request(nfields=0xffffffff)
    yield "field-twice", request(fields=[(1, b"a"), (1, b"b")])
    yield "field-unknown", request(fields=[(5000, b"a")])
    yield "field-nul", request(fields=[(1, b"a\0b")])
    yield "field-latin1", request(fields=[(1, b"\xfc")])
    yield "route-unknown", request(route=9999)
    yield "caller-user", request(caller=3)
    yield "caller-local", request(caller=4)
    yield "caller-unknown", request(caller=5)
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


# ---- printers' languages: a byte that says the pieces, then the document

def pjl(language, data, lines=b""):
    uel = b"\x1b%-12345X"
    return uel + b"@PJL\r\n" + lines + b"@PJL ENTER LANGUAGE = " + \
        language + b"\r\n" + data + uel


PCL = b"\x1bE\x1b&l26a2x1S\x1b*r3U\x1b*r0A\x1b*b3V\x00\x01\x02\x1b*b2m2W" \
    b"\xff\x00\x1b*rB\x0cHello\x1b%0BPD1,2;LBhi\x03\x1b%0A\x0c\x1bE"
XL = b") HP-PCL XL;2;0;c\n\xd1\x58\x02\x58\x02\xf8\x89\xc0\x00\xf8\x86" \
    b"\x41\xc0\x02\xf8\x25\xc0\x01\xf8\x35\x43\xc0\x02\xf8\x03\x6a" \
    b"\xc8\xc0\x03\xff\x00\x00\xf8\x0b\x63\xfb\x03abc" \
    b"\xc1\x02\x00\xf8\x31\x44\x42"
PS = b"%!PS-Adobe-3.0\n%%Pages: 2\n%%EndComments\n/NumCopies 2 def\n" \
    b"%%Page: 1 1\n%%BeginBinary: 4\n%%P\n%%EndBinary\nshowpage\n" \
    b"%%BeginDocument: x\n%%Page: 1 1\n%%EndDocument\n" \
    b"%%Page: 2 2\nshowpage\n%%EOF\n"
ESCP = b"\x1b@\x1b(U\x01\x00\x05Text\x1br\x01more\x1b.\x01\x05\x05\x01" \
    b"\x10\x00\xff\x41\x0c\x1b*\x00\x02\x00ab\x0c"
ESCPR = b"\x1b@\x1b(R\x06\x00\x00ESCPR" + \
    b"\x1bq\x09\x00\x00\x00setq\x00\x00\x01\x00\x00\x00\x00\x00\x00" + \
    b"\x1bp\x00\x00\x00\x00sttp\x1bd\x04\x00\x00\x00dsnd1234" + \
    b"\x1bp\x01\x00\x00\x00endp\x00\x1bj\x00\x00\x00\x00endj"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x01\x00\x48\x00\x48" \
    b"\x00\x00\xff\xc0\x00\x0b\x08\x00\x10\x00\x20\x01\x01\x11\x00" \
    b"\xff\xda\x00\x02abc\xff\xd9"
TIFF = b"II*\0\x08\0\0\0\x01\0\x06\x01\x03\0\x01\0\0\0\x01\0\0\0" \
    b"\x1a\0\0\0\x01\0\x06\x01\x03\0\x01\0\0\0\x02\0\0\0\0\0\0\0"
ZPL = b"^XA^FO10,10^FDHello^FS^PQ3^XZ~JS^XA^XZ^XA^GB9,9^XZ"


def cups_head(sync, size, **at):
    h = bytearray(size)
    if sync == b"RaS2":
        h[0:9] = b"PwgRaster"
    for key, v in at.items():
        struct.pack_into(">I", h, int(key[1:]), v)
    return bytes(h)


RGB = dict(_272=1, _276=300, _280=300, _340=2, _352=595, _356=842, _372=2,
           _376=2, _384=8, _388=24, _392=6, _400=19)
PWG = b"RaS2" + cups_head(b"RaS2", 1796, **RGB) + \
    b"\x01\x01\xff\x00\x00"
V3 = b"RaS3" + cups_head(b"RaS3", 1796, **RGB) + bytes(12)
V1 = b"RaSt" + cups_head(b"RaSt", 420, **RGB) + bytes(11) + b"\xff"
URF = b"UNIRAST\0\0\0\0\x01" + bytes([24, 1, 1, 4]) + bytes(8) + \
    struct.pack(">IIIII", 2, 2, 300, 0, 0)[:20] + \
    b"\x00\xff\x01\x02\x03\x04\x05\x06\x00\x80"


def pdl_seeds(data):
    yield "whole", b"\xff" + data
    yield "bytes", b"\x00" + data
    yield "twice", b"\x06" + data + data
    yield "half", b"\x02" + data[:len(data) // 2]
    yield "last-missing", b"\x02" + data[:-1]


def seeds_pdl_pcl():
    yield from pdl_seeds(PCL)
    yield "copies", b"\x03\x1b&l99999999999Xx\x0c"
    yield "negative", b"\x03\x1b*b-5Wx\x0c\x1b&l-3Xy\x0c"
    yield "long-payload", b"\x03\x1b*b1073741824Wx"


def seeds_pdl_pclxl():
    yield from pdl_seeds(XL)
    yield "long-array", b"\x03) HP-PCL XL;2\n\xcd\xc2\xff\xff\xff\xff\x00"
    yield "big", b"\x03( HP-PCL XL;2\n\x43\x44\xfa\0\0\0\x02ab\x43"


def seeds_pdl_pwg(): yield from pdl_seeds(PWG)
def seeds_pdl_urf(): yield from pdl_seeds(URF)
def seeds_pdl_cupsraster():
    yield from pdl_seeds(V3)
    yield "version1", b"\x06" + V1
    yield "too-wide", b"\x06RaSt" + cups_head(
        b"RaSt", 420, **{**RGB, "_392": 0xffffffff, "_376": 0xffffffff})
def seeds_pdl_escp(): yield from pdl_seeds(ESCP)
def seeds_pdl_escpr(): yield from pdl_seeds(ESCPR)
def seeds_pdl_jpeg(): yield from pdl_seeds(JPEG)
def seeds_pdl_tiff(): yield from pdl_seeds(TIFF)
def seeds_pdl_zpl(): yield from pdl_seeds(ZPL)
def seeds_pdl_text(): yield from pdl_seeds(
    b"Text\twith\r\nlines\x0cand \xc3\xbc pages " + b"x" * 200 + b"\n" * 70)


def seeds_pdl_postscript():
    yield from pdl_seeds(PS)
    yield "eps", b"\x03%!PS-Adobe-3.0 EPSF-3.0\n%%Pages: 1\nshowpage\n"
    yield "many", b"\x03%!PS-Adobe-3.0\n%%Pages: 4294967295\n%%Page: 1 1\n"
    yield "dos", b"\x03\xc5\xd0\xd3\xc6" + u32(30) + u32(len(PS)) + \
        bytes(18) + PS + b"preview"


def seeds_pdl():
    for name, data in (("pcl", PCL), ("xl", XL), ("ps", PS), ("pwg", PWG),
                       ("urf", URF), ("escp", ESCP), ("escpr", ESCPR),
                       ("jpeg", JPEG), ("tiff", TIFF), ("zpl", ZPL)):
        yield name, b"\x02" + data
    yield "wrapped", b"\x06" + pjl(
        b"PCL", PCL, b"@PJL SET COPIES=3\r\n@PJL SET DUPLEX=ON\r\n")
    yield "two-jobs", b"\x00" + pjl(b"PCL", PCL) + pjl(b"PCLXL", XL)
    yield "wrapped-ps", b"\x10" + pjl(b"POSTSCRIPT", PS + b"\x04")
    yield "unknown", b"\x10" + pjl(b"QPDL", b"\x01\x02")
    yield "bad-name", b"\x10" + pjl(b"\xff\xfe\x01", b"\x01\x02")
    yield "zeroes", b"\x10" + bytes(200) + pjl(b"PCL", PCL)
    yield "only-zeroes", b"\x10" + bytes(5000)
    yield "pdf", b"\xff%PDF-1.4\n"
    yield "nothing", b"\x00"
    yield "job-account", b"\x20" + pjl(b"PCL", PCL, b"@PJL SET JOBATTR="
        b"\"JobAcct6=Word\"\n@PJL COMMENT \"App Filename: Microsoft Word - x; 1"
        b"\"\n@PJL JOB NAME=\"x - Notepad\"\n")
    yield "creator", b"\x11%!PS-Adobe-3.0\n%%Creator: (a\\(b\\))\n%%Title: " \
        b"Microsoft Word - x\n%%Page: 1 1\n"
    yield "only-uel", b"\x00\x1b%-12345X\x1b%-123"


def seeds_facts():
    def facts(pages=b"1-3,7", copies=1, sides=7, sure=2, media=1):
        return text(b"pdf") + u8(sure) + u8(2) + u8(1) + u8(0) + u32(7) + \
            u32(sides) + u32(7) + u32(4) + u32(copies) + u32(7) + \
            u8(media) + (u32(21000) + u32(29700) + u32(7)) * media + \
            u8(1) + text(b"Arial") + u32(0xffffffff) * 4 + text(pages) + \
            text(b"") + text(b"")
    yield "good", facts()
    yield "falling", facts(pages=b"3,2")
    yield "senseless", facts(pages=b"1-,")
    yield "huge", facts(pages=b"1-99999999999999999999")
    yield "no-copies", facts(copies=0)
    yield "more-sheets", facts(sides=1)
    yield "sure", facts(sure=9)
    yield "media", facts(media=8)
    yield "too-many-media", facts(media=9)
    yield "cut", facts()[:-3]
    app = u8(1) + text(b"Writer") + text(b"LibreOffice 7.4")
    yield "application", facts(media=2) + app + (u32(3) + u32(4)) * 2
    yield "application-cut", facts() + app[:9]
    yield "colour-on-no-side", facts() + app + u32(8) + u32(4)


def seeds_conf_edit():
    def edit(item, value, file):
        n = 255 if value is None else len(value)
        return u8(item) + u8(n) + (value or b"") + file
    yield "number", edit(0, b"7", b"# a\nNum 5\nFlag yes\n")
    yield "shape", edit(0, b"7", b"  num\t 5 \r\n#x\r\nText a b\r\n")
    yield "example", edit(1, b"yes", b"#Flag no\n#Flag yes\nNum 3")
    yield "end", edit(2, b"a # b", b"Num 3")
    yield "default", edit(0, None, b"# a\nNum 5\n# b")
    yield "empty-text", edit(2, b"", b"Text x\n")
    yield "empty-file", edit(2, b"x", b"")
    yield "newline", edit(2, b"a\nNum 9", b"Num 5\n")
    yield "blank", edit(2, b" a", b"")
    yield "bounds", edit(0, b"501", b"")
    yield "no-item", edit(3, b"1", b"")
    yield "bad-file", edit(0, b"1", b"Num 1\nNum 2\n")


def seeds_directory():
    good = b"Servers ldap.example.com:389 [2001:db8::1] b\nBindName " \
        b"cn=release,dc=example\nUserBase ou=people,dc=example\n"

    def typed(name, more=b"", base=good):
        return u8(len(name)) + name + base + more
    yield "usual", typed(b"anna", b"GroupScheme member\nGroupDepth 3\n")
    yield "inject", typed(b"*)(uid=*", b"UserName uid=%u+cn=%u,dc=example\n")
    yield "dn", typed(b' #a,b+c="d\\e<f>;', b"UserName cn=%u\\,x,dc=a\n")
    yield "active", typed(b"\xc3\x84nne", b"UserFilter (&(objectCategory="
                          b"person)(sAMAccountName=%u)(!(userAccountControl:"
                          b"1.2.840.113556.1.4.803:=2)))\nUserName %u@x\n")
    yield "rule", typed(b"a", b"UserFilter (|(cn:dn:2.4.6:=%u)(:1.2:=%u*))\n")
    yield "substring", typed(b"a*b", b"UserFilter (|(cn=*%u*)(o=%u*x))\n")
    yield "open-filter", typed(b"a", b"UserFilter (&(a=%u)\n")
    yield "deep", typed(b"a", b"UserFilter " + b"(!" * 60 + b"(a=%u)\n")
    yield "ports", typed(b"a", b"", b"Servers a:636\nBindName x\n")
    yield "many", typed(b"a", b"", b"Servers " + b"a " * 20 + b"\n")
    yield "bracket", typed(b"a", b"", b"Servers [::1\nBindName x\n")
    yield "sasl", typed(b"a", b"Bind digest-md5\nUserBind digest-md5\n")
    yield "nul", typed(b"a\0b")
    yield "attr", typed(b"a", b"AttrCard 1.2.3;x-y\nAttrPin p;;\n")


def seeds_directory_wire():
    where = text(b"Servers h\nBindName x\n") + text(b"PEM") + text(b"") + \
        text(b"s3cr\0t") + text(b"\5\2") + u8(1) + u8(2)
    login = where + text(b"\xc3\xa4nne") + text(b"p\0w")
    find = where + u8(4) + u8(1) + u8(50) + u32(1000) + text(b"ann")
    test = where + text(b"")
    person = b"".join(text(t) for t in (
        b"anna", b"uid=anna,dc=example", b"Anna", b"a@example.com", b"D1",
        b"/home/anna", b"04A1", b"", b"4711", b"1001", b"+49 30 1"))
    said = u8(9) + u8(1) + u8(0xff) + u8(1) + u8(3) + u16(0x103) + u32(7) + text(b"why") + \
        u32(2) + person * 2 + u8(1) + u32(1) + text(b"staff")
    for kind, name, body in ((0, "login", login), (1, "find", find),
                             (2, "test", test), (3, "said", said)):
        yield name, u8(kind) + body
        yield name + "-cut", u8(kind) + body[:-1]
        yield name + "-tail", u8(kind) + body + b"x"
    yield "find-all", u8(1) + where + u8(4) + u8(1) + u8(51) + u32(0) + \
        text(b"a")
    yield "said-many", u8(3) + said[:11] + text(b"") + u32(51)
    yield "said-server", u8(3) + said[:2] + u8(8) + said[3:]


def seeds_driver_wire():
    access = u8(3) + u8(4) + u8(2) + text(b"reader") + text(b"one secret") + \
        text(b"two") + text(b"")
    ask = u8(2) + u32(4000) + text(b"d-1") + text(b"opdp") + \
        text(b"192.0.2.7") + u16(161) + u8(1) + access + \
        text(b"https://192.0.2.7/") + text(b"00ff") + text(b"t0ken") + \
        text(b"CERT") + text(b"KEY") + text(b"s-1") + u64(7) + u32(500) + \
        text(b"kept") + text(b"{}")
    items = u32(0x43) + u32(2) + text(b"model") + text(b"W7") + \
        text(b"supply.2.level") + text(b"-3")
    job = u8(9) + text(b"job-completed") + u64(12) + u64(0) + u64(2 ** 64 - 1)
    said = u8(0) + text(b"") + items + u8(1) + text(b"7/42") + job + u64(0) + \
        text(b"{}")
    for kind, name, body in ((0, "ask", ask), (1, "said", said)):
        yield name, u8(kind) + body
        yield name + "-cut", u8(kind) + body[:-1]
        yield name + "-tail", u8(kind) + body + b"x"
    yield "ask-many", u8(0) + ask.replace(u16(161) + u8(1), u16(161) + u8(9))
    yield "said-twice", u8(1) + said.replace(b"supply.2.level", b"model")
    yield "said-name", u8(1) + said.replace(b"supply.2.level",
                                            b"supply.0.level")
    yield "said-many", u8(1) + said.replace(u32(2) + text(b"model"),
                                            u32(1201) + text(b"model"))
    yield "text-latin1", u8(2) + b"K\xfcche\r\n\0\0"
    yield "text-turned", u8(2) + b"a\xe2\x80\xaeb\xc2\x85c"
    yield "text-number", u8(2) + b" -17 "


def seeds_discovery():
    for name, words in (
            ("ranges", b"10.0.0.1-10.0.0.99 10.0.0.0/24,10.0.0.1-9\n"
             b"2001:db8::/120 printer.example.com 255.255.255.255 ::/0"),
            ("none", b"10.0.0.300"), ("backwards", b"10.0.0.9-10.0.0.1"),
            ("blanks", b" , \n")):
        yield name, u8(0) + words
    one = u8(1) + u8(1) + u8(0) + b"".join(text(t) for t in (
        b"10.0.0.7", b"", b"Maker", b"M 1", b"S1", b"00:11:22:33:44:55",
        b"floor2", b"Hall", b"PASSTHRU", b"Print Server", b"1.3.6.1",
        b"ipp://10.0.0.7:631/ipp/print", b"application/pdf", b"u-1"))
    yield "found", u8(1) + u32(2) + one + one
    yield "found-less", u8(1) + u32(3) + one
    yield "found-no-address", u8(1) + u32(1) + one.replace(b"10.0.0.7",
                                                          b"10.0.0.x")
    yield "question", u8(2) + b"sweep\n10.0.0.1\n10.0.0.2\n"
    yield "question-nul", u8(2) + b"sweep\n10.0.0.1\n\0\n"
    yield "no-question", u8(2) + b"dance\n\n"


def seeds_dnssd():
    def name(s):
        return b"".join(bytes([len(w)]) + w for w in s.split(b".")) + b"\0"

    def record(of, kind, data):
        return of + struct.pack(">HHIH", kind, 0x8001, 10, len(data)) + data

    head = struct.pack(">HHHHHH", 77, 0x8400, 0, 1, 0, 3)
    service, host = name(b"_ipp._tcp.local"), name(b"npi12.local")
    one = name(b"Hall._ipp._tcp.local")
    txt = b"".join(bytes([len(w)]) + w for w in (
        b"txtvers=1", b"ty=Maker M 1", b"note=Hall", b"rp=ipp/print",
        b"pdl=application/pdf", b"UUID=u-1", b"usb_MFG=Maker"))
    rest = record(one, 33, struct.pack(">HHH", 0, 0, 631) + host) + \
        record(one, 16, txt) + record(host, 1, bytes([10, 0, 0, 7]))
    yield "printer", head + record(service, 12, b"\4Hall\xc0\x0c") + rest
    yield "circle", head + record(b"\xc0\x0c", 12, b"\xc0\x0c") + rest
    yield "cut", head + record(service, 12, b"\4Hall\xc0\x0c") + rest[:-3]


def seeds_sync_wire():
    where = text(b"Servers h\nBindName x\n") + text(b"PEM") + text(b"") + \
        text(b"s3cr\0t") + text(b"\5\2") + u8(1) + u8(2)
    nxt = where + u32(7) + u32(0) + u32(1)
    head = u8(0) + u8(0) + u8(1) + u32(3) + text(b"")
    group = u8(1) + text(b"staff")
    attributes = b"".join(text(t) for t in (
        b"anna", b"Anna", b"a@example.com", b"D1", b"/home/anna", b"04A1",
        b"", b"4711", b"1001"))
    person = u8(2) + u8(0) + attributes
    part = head + group + person + u32(1) + u32(0) + person + u32(0)
    for kind, name, body in ((0, "part", part), (1, "next", nxt)):
        yield name, u8(kind) + body
        yield name + "-cut", u8(kind) + body[:-1]
        yield name + "-tail", u8(kind) + body + b"x"
    yield "part-failed", u8(0) + u8(6) + u8(0xff) + u8(0) + u32(0) + \
        text(b"no answer in time")
    yield "part-groups", u8(0) + head + person + u32(256) + u32(9) * 256
    yield "part-too-many", u8(0) + head + person + u32(257) + u32(9) * 257
    yield "part-unknown", u8(0) + head + u8(77)


def seeds_keytab():
    def part(b):
        return len(b).to_bytes(2, "big") + b

    def entry(parts, key=b"k" * 32, more=b"\0\0\1\3"):
        e = len(parts).to_bytes(2, "big") + part(b"EXAMPLE.COM") + \
            b"".join(part(p) for p in parts) + b"\0\0\0\1" + b"\0" * 4 + \
            b"\2\0\x12" + part(key) + more
        return len(e).to_bytes(4, "big") + e
    head = b"\5\2"
    host = entry([b"host", b"print.example.com"])
    yield "two", head + host + entry([b"anna"])
    yield "hole", head + b"\xff\xff\xff\xfc" + b"xxxx" + host
    yield "old", b"\5\1" + host
    yield "short", head + host[:-1]
    yield "no-key", head + entry([b"a"], b"")
    yield "five", head + entry([b"a"] * 5)
    yield "least", head + b"\x80\0\0\0" + host
    yield "one-number", head + entry([b"\xff\xfe\n"], b"k", b"")
    yield "none", head


def seeds_prove():
    yes = b"Authenticated: Yes\n.\n"
    no = b"Authenticated: No\n.\n"

    def both(out, log):
        n = max(len(out), len(log))
        return u8(2) + out.ljust(n, b"\0") + log.ljust(n, b"\0")
    ask = u8(0) + text(b"AD") + text(b"anna") + text(b"p w\n.\n") + u32(5000)
    yield "ask", u8(0) + ask
    yield "ask-at", u8(0) + ask.replace(b"anna", b"a@na")
    yield "answer", u8(1) + u8(2) + text(b"why")
    yield "yes", both(yes, b"NT_STATUS_OK: (0x0)")
    yield "no", both(no, b"NT_STATUS_LOGON_FAILURE: x (0xc000006d)\n")
    yield "locked", both(no, b"x (0xc0000234)")
    yield "both", both(no + yes, b"(0x")


def seeds_admin():
    conf = u8(1) + u32(2) + u16(7) + u8(0) + text(b"2d") + u16(9) + u8(1) + \
        text(b"")
    csr = text(b"a.example") + text(b"Org") + text(b"DE") + u8(1) + u32(2) + \
        text(b"a.example") + text(b"192.0.2.1")
    said = u8(1) + u16(7) + text(b"why") + text(b"/etc/x") + text(b"host") + \
        text(b"was") + text(b"now") + text(b"undo") + u64(1) + u64(2)
    listen = u32(1) + text(b"127.0.0.1:443") + text(b"") * 3 + text(b"https://h")
    facts = u8(1) * 4 + text(b"") + text(b"CN = a") + text(b"CN = b") + \
        text(b"a b") + text(b"P-256") + text(b"f" * 64) + u64(1) + u64(2) + \
        u32(1) + text(b"pem")
    for kind, name, body in ((0, "conf", conf), (1, "csr", csr),
                             (2, "said", said), (3, "listen", listen),
                             (4, "facts", facts)):
        yield name, u8(kind) + body
        yield name + "-cut", u8(kind) + body[:-1]
        yield name + "-tail", u8(kind) + body + b"x"
    yield "conf-many", u8(0) + u8(0) + u32(65)
    yield "said-outcome", u8(2) + b"\x09" + said[1:]
    yield "name", u8(5) + b"*.print.example.com"
    yield "address", u8(5) + b"2001:db8::1"
    yield "name-odd", u8(5) + b"a,DNS:b"


def seeds_ticket():
    yield "plain", b"ocopies=3 sides=two-sided-long-edge number-up=4"
    yield "ppd", b"oDuplex=DuplexTumble ColorModel=Gray StapleLocation=TopLeft"
    yield "booklet", b"obooklet=true outputorder=reverse page-ranges=1-3,7-"
    yield "account", b"ojob-account-id='A \\'B\\' \"C' media=na_letter_8.5x11in"
    yield "senseless", b"ocopies=99999999999 number-up=3 page-ranges=3-1"
    yield "rest", b"ofit-to-page mirror scaling=50 position=top-left landscape"
    yield "braces", b"omedia-col={media-size={x=1 y=2}} finishings=4,5,staple"
    yield "hex", b"ojob-account-id=<c3bc> print-quality=<35>"
    yield "not-utf8", b"ojob-account-id=\xff\xfe\x01x"
    yield "change-pages", b"c\x031-3,5"
    yield "change-color", b"c\x01mono"
    yield "change-account", b"c\x0aKST 4711"
    yield "wire-short", b"t" + u32(1) + u8(0) * 6


def seeds_card_format():
    yield "plain", b"hex\n04A1B2C3"
    yield "range", b"decimal start=3 length=4\n00D507D0\n1000000-1999999 04A1-04ff"
    yield "wiegand", b"wiegand-26 reverse=bits\n000451E5\n1-2, 3"
    yield "uid", b"uid reverse=bytes\n04A1B2C3D4E5F6"
    yield "track", b"ascii\n;6035771234567890=99121010000000000?8"
    yield "longest", b"hex start=232 length=1\n" + b"0A" * 116
    yield "text", b"ascii reverse=digits\nKST 4711 \n-"
    yield "senseless", b"hex start=0 length=999 hex\n\n9-3"


def ipp_value(tag, name, value):
    return u8(tag) + struct.pack(">H", len(name)) + name + \
        struct.pack(">H", len(value)) + value


def ipp(*values, group=4, status=0, ident=5, end=b"\x03"):
    head = b"\x02\x00" + struct.pack(">HI", status, ident) + b"\x01"
    return head + ipp_value(0x47, b"attributes-charset", b"utf-8") + \
        ipp_value(0x48, b"attributes-natural-language", b"en") + \
        u8(group) + b"".join(values) + end


def seeds_ipp():
    number = struct.Struct(">i").pack
    ready = ipp_value(0x34, b"media-col-ready", b"") + \
        ipp_value(0x4a, b"", b"media-size") + ipp_value(0x34, b"", b"") + \
        ipp_value(0x4a, b"", b"x-dimension") + \
        ipp_value(0x21, b"", number(21000)) + \
        ipp_value(0x4a, b"", b"y-dimension") + \
        ipp_value(0x21, b"", number(29700)) + ipp_value(0x37, b"", b"") + \
        ipp_value(0x4a, b"", b"media-source") + \
        ipp_value(0x44, b"", b"main") + ipp_value(0x37, b"", b"")
    yield "printer", ipp(
        ipp_value(0x41, b"printer-make-and-model", b"Example Laser 5"),
        ipp_value(0x41, b"printer-device-id", b"MFG:Example;MDL:Laser;"),
        ipp_value(0x49, b"document-format-supported", b"application/pdf"),
        ipp_value(0x49, b"", b"image/urf"),
        ipp_value(0x22, b"color-supported", b"\x01"),
        ipp_value(0x23, b"finishings-supported", number(4)),
        ipp_value(0x32, b"printer-resolution-supported",
                  number(600) + number(600) + b"\x03"),
        ipp_value(0x30, b"printer-input-tray", b"type=sheetFeedManual;"
                  b"maxcapacity=250;level=-2;name=main;"),
        ipp_value(0x30, b"printer-supply", b"type=wasteToner;unit=percent;"
                  b"maxcapacity=100;level=25;colorantname=black;"), ready,
        ipp_value(0x23, b"printer-state", number(5)),
        ipp_value(0x44, b"printer-state-reasons", b"media-jam-error"),
        ipp_value(0x30, b"printer-alert", b"code=jam;severity=critical;"))
    yield "job", ipp(
        ipp_value(0x21, b"job-id", number(17)),
        ipp_value(0x23, b"job-state", number(8)),
        ipp_value(0x44, b"job-state-reasons", b"aborted-by-system"),
        ipp_value(0x21, b"job-impressions-completed", number(5)),
        ipp_value(0x34, b"job-impressions-completed-col", b"") +
        ipp_value(0x4a, b"", b"full-color") +
        ipp_value(0x21, b"", number(2)) + ipp_value(0x37, b"", b""), group=2)
    yield "refused", ipp(status=0x0507)
    yield "no-end", ipp(end=b"")
    yield "deep", ipp((ipp_value(0x34, b"a", b"") +
                       ipp_value(0x4a, b"", b"b")) * 200)
    yield "closed-twice", ipp(ipp_value(0x37, b"", b"") * 2)
    yield "longer-than-it-is", ipp() [:-1] + b"\x21\xff\xffa"
    yield "behind-it", ipp() + b"%PDF-1.7"


def var(place, row, value, more=0):
    if isinstance(value, int):
        kind, data = 0, struct.pack("<i", value)
    else:
        kind, data = 1, value
    return bytes([place, row, more, kind, len(data)]) + data


def seeds_snmp():
    who = var(0, 0, b"Example 1000; V1.2") + var(5, 1, b"") + \
        var(6, 1, b"Example 1000") + var(7, 1, 3) + var(8, 1, 4) + \
        var(9, 1, b"\x84\x02") + var(12, 1, b"EX1")
    yield "who", who
    yield "charset", var(10, 1, 1) + var(13, 1, 5) + var(22, 1, b"\xb3\xeb")
    yield "wide", var(10, 1, 1) + var(13, 1, 1000) + var(22, 1, b"\0A\0B\xd8")
    yield "tray", var(14, 1, 4) + var(15, 1, 4) + var(16, 1, 297000) + \
        var(17, 1, 210000) + var(18, 1, 500) + var(19, 1, -3) + \
        var(20, 1, 25) + var(21, 1, b"Plain") + var(22, 1, b"Tray 1")
    yield "supply", var(26, 1, 12) + var(28, 1, 99) + var(32, 1, 1) + \
        var(39, 1, b"light cyan") + var(33, 1, 5) + var(34, 1, b"Ink") + \
        var(35, 1, 19) + var(36, 1, 100) + var(37, 1, 7) + var(53, 1, b"St")
    yield "channel", var(42, 1, 8) + var(43, 1, b"Name=x\nQueue=PRINT\n") + \
        var(63, 1, b"lpr://10.0.0.7/PASSTHRU?x") + var(44, 1, 54)
    yield "alerts", var(47, 1, 3) + var(48, 1, 8) + var(49, 1, 808) + \
        var(50, 1, b"leer") + var(49, 2, 30208) + var(47, 2, 4) + \
        var(46, 1, b"A\rB") + var(46, 2, b"C")
    yield "finisher", var(51, 1, 3) + var(52, 1, b"F") + var(55, 1, 4) + \
        var(51, 2, 8) + var(56, 1, 7)
    yield "network", var(57, 1, b"\x02\0\0\0\0\1") + var(58, 1, 24) + \
        var(57, 2, b"\x02\0\0\0\0\2") + var(59, 7, 2) + \
        var(60, 7, b"\xff\xff\xff\0") + var(61, 0, b"\x0a\0\0\1")
    yield "ids", var(62, 1, b"MFG:EPSON;CMD:PCL,PS;MDL:X;CLS:PRINTER;SN:5834")
    yield "paper", var(15, 1, 4) + var(16, 1, 297000) + var(17, 1, 210000) + \
        var(68, 1, 420000) + var(69, 1, 297000) + var(21, 2, b"B5 (JIS)") + \
        var(70, 1, 16) + var(71, 2, b"Vassoio 2") + var(72, 1, b"Unknown") + \
        var(73, 1, 4) + var(74, 1, 431800) + var(75, 1, 297000) + \
        var(76, 1, 139700) + var(77, 1, 90500) + b"Env. #10 4.125x9.5in"
    yield "routes", var(79, 7, b"\x0a\0\0\1") + var(80, 1, 2) + \
        bytes([81, 7, 0, 2, 7]) + b"1.3.6.1"
    most = b"\xff" * 7 + b"\x7f"
    yield "huge", b"".join(bytes([p, 1, 0, 0, 8]) + most for p in
                           (16, 17, 18, 19, 28, 32, 36, 37, 40, 47, 48, 65,
                            66)) + bytes([49, 1, 0, 0, 1, 12])
    yield "kept", b"a=0 h=1 m=1 q=2 i=1 c=7 k=-1 e=9 s=1795290300 r=a-error,b"
    yield "rows", b"".join(var(p, r, r) for p in (19, 37, 49) for r in
                           range(1, 120))


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
