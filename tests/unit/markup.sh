#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# The rules of doc/web.md, "Markup", in every template of the pages. TAP.
set -u
if ! command -v python3 >/dev/null; then
	echo "1..0 # SKIP python3 is missing"
	exit 0
fi
exec python3 - "${srcdir:-.}/cgi" <<'EOP'
import glob, os, re, sys

cgi = sys.argv[1]
n = 0
TAG = r"<[a-z](?:[^>{]|\{[^}]*\})*"


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def check(words, bad):
    global n
    n += 1
    print(f"{'not ok' if bad else 'ok'} {n} - {words}")
    for line in bad:
        print(f"#   {line}")


templates = {os.path.relpath(p, cgi): read(p) for p in sorted(
    glob.glob(os.path.join(cgi, "templates", "**", "*.tmpl"), recursive=True))}
css = "".join(read(p) for p in glob.glob(os.path.join(cgi, "static", "*.css")))
css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
styled = set(re.findall(r"\.(-?[A-Za-z_][\w-]*)", css))
# Marks for scripts and tests, and CUPS's own.
known = styled | {"active"}


def all_of(pattern, why, wrong=lambda m: True):
    return [f"{name}: {why}: {m.group(0)[:90]!r}"
            for name, text in templates.items()
            for m in re.finditer(pattern, text, re.S | re.I) if wrong(m)]


check(f"there are {len(templates)} templates and a stylesheet",
      [] if len(templates) > 5 and len(styled) > 20 else ["too few"])
check("no style, script or handler in a template: the browser refuses them",
      all_of(r"<(style|script)\b", "no") + all_of(TAG + r"\sstyle=", "no") +
      all_of(TAG + r"\son[a-z]+\s*=", "no"))

bad = []
for name, text in templates.items():
    for value in re.findall(r'class="([^"]*)"', text):
        for word in re.sub(r"\{[^}]*\}", " ", re.sub(
                r"-\{[^}]*\}", "- ", value)).split():
            if word not in known and not (word.endswith("-") and any(
                    s.startswith(word) for s in styled)):
                bad.append(f"{name}: {word!r} is in no stylesheet")
check("every class is one of the stylesheet", bad)

check("every form that changes something has its hidden fields",
      all_of(r'<form\b[^>]*method="post".*?</form>', "no {form}",
             lambda m: "{form}" not in m.group(0)))
check("every form says how it is sent",
      all_of(r"<form\b(?:[^>{]|\{[^}]*\})*>", "no method",
             lambda m: "method=" not in m.group(0)))
check("every list has a caption and heads with a scope",
      all_of(r'<table\b.*?</table>', "no caption",
             lambda m: "<caption>" not in m.group(0)) +
      all_of(r"<th\b(?:[^>{]|\{[^}]*\})*>", "no scope",
             lambda m: "scope=" not in m.group(0)))
check("every cell of a list has a label for phones",
      all_of(r"<td\b(?:[^>{]|\{[^}]*\})*>", "no data-label",
             lambda m: "data-label=" not in m.group(0)))
check("every picture has words",
      all_of(r"<img\b(?:[^>{]|\{[^}]*\})*>", "no alt",
             lambda m: "alt=" not in m.group(0)))

bad = []
for name, text in templates.items():
    for tag in re.findall(r"<(?:input|select|textarea)\b(?:[^>{]|\{[^}]*\})*>",
                          text):
        if re.search(r'type="hidden"| hidden\b|aria-label=', tag):
            continue
        found = re.search(r'\bid="([^"]*)"', tag)
        if not found or f'for="{found.group(1)}"' not in text:
            bad.append(f"{name}: no label for {tag[:90]!r}")
check("every field has a label", bad)
check("a page begins with h2: its h1 is the title", all_of(r"<h1\b", "no"))
print(f"1..{n}")
EOP
