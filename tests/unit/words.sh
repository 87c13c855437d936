#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every word on the pages has its translation in each language there is, and
# no translation is left over; no two say different things of one msgid.
set -u
srcdir=${srcdir:-.}
command -v python3 >/dev/null || { echo "1..0 # SKIP no python3 here"; exit 0; }
exec python3 - "$srcdir" <<'EOP'
import glob
import os
import re
import sys

src = sys.argv[1]
cgi = os.path.join(src, "cgi")
n = bad = 0


def ok(cond, words, more=()):
    global n, bad
    n += 1
    bad += not cond
    print("%sok %d - %s" % ("" if cond else "not ", n, words))
    for line in list(more)[:40]:
        print("# " + str(line))


def unquote(text):
    parts = re.findall(r'"((?:[^"\\]|\\.)*)"', text)
    return "".join(parts).replace('\\"', '"').replace("\\n", "\n").replace(
        "\\\\", "\\")


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


wanted = {}
for path in glob.glob(os.path.join(cgi, "templates", "*.tmpl")):
    for tag in re.findall(r"\{_([^}]*)\}", read(path)):
        wanted[tag.split("|")[0]] = path
literal = r'((?:"(?:[^"\\]|\\.)*"\s*)+)'
for path in glob.glob(os.path.join(cgi, "*.c")) + glob.glob(
        os.path.join(cgi, "*", "*.c")) + [os.path.join(src, "lib/reason.c")]:
    text = read(path)
    for m in re.findall(r"\b(?:tr|N_)\(\s*" + literal, text):
        wanted[unquote(m)] = path
    for m in re.findall(r"\bput_words\(b, l,\s*" + literal, text):
        wanted[unquote(m)] = path		# cgi/plot.c
    for m in re.findall(r"\.(?:title|menu) = " + literal, text):
        wanted[unquote(m)] = path
    # { "name", function, "What is said." }
    for m in re.findall(r'\{\s*"[a-z_-]+",\s*\w+,\s*' + literal + r"\}", text):
        wanted[unquote(m)] = path
# What releaserd says of itself and the pages pass on: settings and ports.
for m in re.findall(r'SETTING\([^"]*"\w+",(?:[^"]|"[^"]*")*?\n\s+' + literal +
                    r"\)", read(os.path.join(src,
                                              "releaserd/settings.def"))):
    wanted[unquote(m)] = os.path.join(src, "releaserd/settings.def")
# Functions and their groups.
for m in re.findall(r'(?:GROUP|FUNCTION)\([^"]*"[^"]+",(?:\s*\w+,\s*"[^"]*",)?'
                    r'\s*' + literal + r"\)", read(os.path.join(src,
                                           "releaserd/functions.def"))):
    wanted[unquote(m)] = os.path.join(src, "releaserd/functions.def")
# What is known of devices.
for m in re.findall(r'ITEM\("[^"]+", \w+, \w+,\s*' + literal + r"\)", read(
        os.path.join(src, "releaserd/items.def"))):
    wanted[unquote(m)] = os.path.join(src, "releaserd/items.def")
# What may be wrong with a device, and what to do.
for w, m in re.findall(r'FINDING\(\w+, "[^"]+", \w+, \d+,\s*' + literal + r",\s*" +
                       literal + ",", read(os.path.join(
                           src, "releaserd/core/posture.def"))):
    wanted[unquote(w)] = wanted[unquote(m)] = "releaserd/core/posture.def"
# What the simulator says of its figures.
notes = os.path.join(src, "lib/simulate_json.c")
for m in re.findall(literal + r",", re.search(
        r"rel_simulate_notes\[\] = \{(.*?)\n\};", read(notes), re.S)[1]):
    wanted[unquote(m)] = notes
ok(len(wanted) > 50, "the pages have words: %d" % len(wanted))

for po in sorted(glob.glob(os.path.join(cgi, "templates", "*",
                                        "messages.po"))):
    lang = os.path.basename(os.path.dirname(po))
    have, double = {}, []
    for m in re.finditer(r"msgid " + literal + r"msgstr " + literal,
                         read(po)):
        word, said = unquote(m.group(1)), unquote(m.group(2))
        if have.setdefault(word, said) != said:
            double.append(word)
    missing = sorted(w for w in wanted if not have.get(w))
    ok(not missing, lang + ": every word is there",
       ["%r of %s" % (w, os.path.relpath(wanted[w], src)) for w in missing])
    ok(not double, lang + ": one translation a word", double)
    places = [w for w, said in have.items() if w and sorted(
        re.findall(r"%\d", w)) != sorted(re.findall(r"%\d", said))]
    ok(not places, lang + ": the same places for values", places)
print("1..%d" % n)
sys.exit(bad > 0)
EOP
