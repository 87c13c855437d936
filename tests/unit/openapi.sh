#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The OpenAPI files say what the tables of releaserd say: every route, every
# field with its bounds; and the checker of messages really finds wrong ones.
set -u
srcdir=${srcdir:-.}
command -v python3 >/dev/null || { echo "1..0 # SKIP no python3 here"; exit 0; }
exec python3 - "$srcdir" <<'EOP'
import importlib.util
import json
import os
import re
import sys

src = sys.argv[1]
sys.dont_write_bytecode = True
spec = importlib.util.spec_from_file_location(
    "validate", os.path.join(src, "tests/scenario/lib/validate.py"))
validate = importlib.util.module_from_spec(spec)
spec.loader.exec_module(validate)
n = bad = 0


def ok(cond, words, more=""):
    global n, bad
    n += 1
    bad += not cond
    print("%sok %d - %s" % ("" if cond else "not ", n, words))
    if not cond and more:
        print("# " + str(more))


def read(name):
    with open(os.path.join(src, name), encoding="utf-8") as f:
        return f.read()


ok(validate.check_self() == 0, "the files use only what the checker knows")
docs = validate.load()

# ---- the tables of releaserd
paths = dict(re.findall(r'FIELD\((\w+), "([^"]+)"\)',
                        read("releaserd/fields.def")))
routes = re.findall(r'ROUTE\((\w+), HTTP_(\w+), "([^"]+)",\s*'
                    r'([A-Z_| ]+),\s*(\w+)\)', read("releaserd/routes.def"))
code = read("releaserd/routes.c")
limits = {m: v for m, v in re.findall(r"#define (NET_\w+) \(?(\d+)",
                                      read("releaserd/net/decode.h"))}
code = re.sub(r"/\*.*?\*/", "", code, flags=re.S)
macros = dict(re.findall(r"#define (\w+) ((?:.*\\\n)*.*)", code))


def expand(text):
    for _ in range(3):
        text = re.sub(r"\b([A-Z_]+)\b", lambda m: macros.get(m.group(1),
                      m.group(1)), text)
    return text


tables = {name: re.findall(r"\{ (F_\w+), (FT_\w+), (\w+), (\w+), ([^}]+) \}",
                           expand(body)) for name, body in
          re.findall(r"route_field (\w+)\[\] = \{(.*?)\};", code, re.S)}
ok(len(routes) >= 20 and len(tables) >= 10, "routes and fields were found",
   (len(routes), len(tables)))


def plain(doc, s):
    """A schema without $ref and without its null."""
    while True:
        if "$ref" in s:
            s = validate.Schema(doc).resolve(s["$ref"])
        elif "anyOf" in s and {"type": "null"} in s["anyOf"] and \
                len(s["anyOf"]) == 2:
            s = [x for x in s["anyOf"] if x != {"type": "null"}][0]
        else:
            return s


def member(doc, schema, path):
    must = True
    for part in path.split("."):
        s = plain(doc, schema)
        if part not in s.get("properties", {}):
            return None, False
        must = must and part in s.get("required", [])
        schema = s["properties"][part]
    return plain(doc, schema), must


def field_wrong(doc, op, field):
    fid, kind, low, high, flags = field
    low = int(low)
    high = 2 ** 63 - 1 if high == "INT64_MAX" else int(high)
    must = "MUST" in flags or "FIELD_REQUIRED" in flags
    if "FIELD_PATH" in flags or "FIELD_QUERY" in flags:
        name = paths[fid]
        hits = [p for p in op.get("parameters", []) if p["name"] == name]
        if len(hits) != 1 or hits[0]["required"] != must:
            return "parameter %s" % name
        s = hits[0]["schema"]
    else:
        if "requestBody" not in op:
            return "no body"
        s, said = member(doc, validate.body_of(op["requestBody"]), paths[fid])
        if s is None:
            return "%s is missing" % paths[fid]
        if said != must:
            return "%s: required %s" % (paths[fid], said)
    if kind == "FT_STR" and "enum" not in s and \
            (s.get("minLength", 0), s.get("maxLength")) != (low, high):
        return "%s: %s, not %d..%d" % (paths[fid], s, low, high)
    if kind == "FT_INT" and (s.get("minimum"), s.get("maximum")) != \
            (low, high):
        return "%s: %s, not %d..%d" % (paths[fid], s, low, high)
    return None


described = 0
for name, method, path, callers, table in routes:
    doc = docs[path.startswith("/api/")]
    op = doc["paths"].get(path.replace("{}", "{id}"), {}).get(method.lower())
    described += op is not None
    if op is None or op["operationId"] != name:
        ok(False, "%s is described" % name, (method, path))
        continue
    wrong = [w for w in (field_wrong(doc, op, f) for f in tables[table]
                         if f[0] != "F_COUNT") if w]
    ok(not wrong, "%s is described with its fields" % name, wrong)
ops = sum(len(i) for d in docs for i in d["paths"].values())
ok(ops == described, "nothing is described that is not there",
   (ops, described))

# ---- every problem code
codes = set(re.findall(r'\{ "([a-z-]+)", \d+ \}', read("releaserd/request.c")))
for doc, name in zip(docs, validate.NAMES):
    said = set(doc["components"]["schemas"]["Problem"]["properties"]["code"]
               ["enum"])
    ok(said <= codes, "%s: every code has its status" % name, said - codes)
ok(codes <= said, "every code is described", codes - said)
words = read("doc/opdp.md") + read("doc/local-api.md")
lost = [c for c in sorted(codes) if "`%s`" % c not in words]
ok(not lost, "and stands in the manual", lost)

# ---- the checker finds what is wrong
menu = {"menu": "login", "rev": "c1", "ttl_s": 300, "locale": "en",
        "title": "Log in", "message": None, "items": [
            {"type": "reader", "id": "card"}],
        "keys": {"back": None, "submit": "ok"}, "auto": None}
good = {"method": "POST", "path": "/opdp/v1/panel/action", "request":
        {"op": "logout", "new": 1}, "status": 200,
        "response": {"result": "ok", "menu": menu}}


def with_(base, path, value):
    m = json.loads(json.dumps(base))
    at = m
    *head, last = path
    for p in head:
        at = at[p]
    if value is KeyError:
        del at[last]
    else:
        at[last] = value
    return m


problem = {"type": "urn:opdp:error:bad-request", "status": 400,
           "code": "bad-request", "detail": "x"}
refused = with_(with_(with_(good, ["status"], 400), ["response"], problem),
                ["request"], {})
ok(validate.check_message(docs, good) == [], "a good message passes",
   validate.check_message(docs, good))
ok(validate.check_message(docs, refused) == [], "a refusal passes",
   validate.check_message(docs, refused))
for words, base, path, value in (
        ("a request without op that was taken", good, ["request"], {}),
        ("a number for a text", good, ["request", "op"], 7),
        ("a text too long", good, ["request", "op"], "x" * 33),
        ("a member nobody described", good, ["response", "extra"], 1),
        ("a menu without rev", good, ["response", "menu", "rev"], KeyError),
        ("an item of no type", good, ["response", "menu", "items", 0,
                                      "type"], "hologram"),
        ("a result nobody knows", good, ["response", "result"], "maybe"),
        ("a status nobody described", good, ["status"], 201),
        ("a path nobody described", good, ["path"], "/opdp/v1/other"),
        ("a problem with another status", refused, ["response", "status"],
         404),
        ("a code nobody knows", refused, ["response", "code"], "oops"),
        ("an HTML page for a problem", refused, ["response"], "<html>")):
    m = with_(base, path, value)
    ok(validate.check_message(docs, m) != [], "the checker finds " + words)
try:
    import jsonschema
    for doc in docs:
        for s in validate.every_schema(doc):
            jsonschema.Draft202012Validator.check_schema(s)
    ok(True, "python3-jsonschema takes the schemas")
except ImportError:
    n += 1
    print("ok %d # SKIP no python3-jsonschema here" % n)
print("1..%d" % n)
EOP
