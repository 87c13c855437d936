#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
"""Checks recorded messages against the OpenAPI files of doc/.

    validate.py FILE.jsonl [...]     each line {"method","path","request",
                                     "status","response"}
    validate.py --self               the OpenAPI files themselves

A request that was taken (2xx) must be as described, and so must every answer.
A request that is not as described must have been refused.  Exit status 1 and
a line for each violation.  The JSON Schema of it is the part that the files
use; a keyword it does not know is an error, so that none is passed over.
"""
import json
import os
import re
import sys

DOC = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..",
                   "..", "doc")
NAMES = ("opdp.openapi.json", "local-api.openapi.json")
WORDS = {"description", "title", "examples"}
TYPES = {"object": dict, "array": list, "string": str, "null": type(None)}


class Schema:
    def __init__(self, doc):
        self.doc = doc

    def resolve(self, ref):
        node = self.doc
        for part in ref.lstrip("#/").split("/"):
            node = node[part]
        return node

    def check(self, s, v, at="$"):
        """The violations of value v against schema s, as a list of words."""
        bad = []
        for key, want in s.items():
            if key not in WORDS:
                rule = getattr(self, "k_" + key.strip("$"), None)
                if rule is None:
                    raise SystemExit("validate.py does not know the keyword "
                                     + key)
                bad += rule(want, v, at, s) or []
        return bad

    def fits(self, s, v):
        return not self.check(s, v)

    def k_ref(self, want, v, at, s):
        return self.check(self.resolve(want), v, at)

    def k_type(self, want, v, at, s):
        for t in [want] if isinstance(want, str) else want:
            if t == "boolean" and isinstance(v, bool):
                return
            if t == "integer" and isinstance(v, int) and \
                    not isinstance(v, bool):
                return
            if t == "number" and isinstance(v, (int, float)) and \
                    not isinstance(v, bool):
                return
            if t in TYPES and isinstance(v, TYPES[t]):
                return
        return ["%s: %s is no %s" % (at, show(v), want)]

    def k_enum(self, want, v, at, s):
        if v not in want:
            return ["%s: %s is none of %s" % (at, show(v), want)]

    def k_const(self, want, v, at, s):
        if v != want:
            return ["%s: %s is not %s" % (at, show(v), show(want))]

    def k_pattern(self, want, v, at, s):
        if isinstance(v, str) and not re.search(want, v):
            return ["%s: %s does not match %s" % (at, show(v), want)]

    def k_minLength(self, want, v, at, s):
        if isinstance(v, str) and len(v.encode()) < want:
            return ["%s: %s is shorter than %d" % (at, show(v), want)]

    def k_maxLength(self, want, v, at, s):
        if isinstance(v, str) and len(v.encode()) > want:
            return ["%s: %s is longer than %d" % (at, show(v), want)]

    def k_minimum(self, want, v, at, s):
        if isinstance(v, int) and v < want:
            return ["%s: %s is below %d" % (at, show(v), want)]

    def k_maximum(self, want, v, at, s):
        if isinstance(v, int) and v > want:
            return ["%s: %s is above %d" % (at, show(v), want)]

    def k_maxItems(self, want, v, at, s):
        if isinstance(v, list) and len(v) > want:
            return ["%s: %d entries are more than %d" % (at, len(v), want)]

    def k_items(self, want, v, at, s):
        if isinstance(v, list):
            return [b for i, x in enumerate(v)
                    for b in self.check(want, x, "%s[%d]" % (at, i))]

    def k_required(self, want, v, at, s):
        if isinstance(v, dict):
            return ["%s: %s is missing" % (at, n) for n in want if n not in v]

    def k_properties(self, want, v, at, s):
        if isinstance(v, dict):
            return [b for n, p in want.items() if n in v
                    for b in self.check(p, v[n], at + "." + n)]

    def k_additionalProperties(self, want, v, at, s):
        if isinstance(v, dict) and want is False:
            return ["%s: there is no member %s" % (at, n)
                    for n in v if n not in s["properties"]]

    def k_anyOf(self, want, v, at, s):
        if not any(self.fits(w, v) for w in want):
            return ["%s: fits no form of it; nearest: %s" %
                    (at, nearest(self, want, v, at))]

    def k_oneOf(self, want, v, at, s):
        n = sum(self.fits(w, v) for w in want)
        if n == 0:
            return ["%s: fits no form of it; nearest: %s" %
                    (at, nearest(self, want, v, at))]
        if n > 1:
            return ["%s: fits %d forms, not one" % (at, n)]

    def k_allOf(self, want, v, at, s):
        return [b for w in want for b in self.check(w, v, at)]

    def k_if(self, want, v, at, s):
        branch = s.get("then" if self.fits(want, v) else "else")
        return self.check(branch, v, at) if branch else None

    def k_then(self, want, v, at, s):
        pass

    k_else = k_then


def show(v):
    text = json.dumps(v, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "..."


def nearest(schema, forms, v, at):
    return min((schema.check(f, v, at) for f in forms), key=len)[0]


def load():
    docs = []
    for name in NAMES:
        with open(os.path.join(DOC, name), encoding="utf-8") as f:
            docs.append(json.load(f))
    return docs


def both_ways(doc):
    """Paths of the server, and those of devices (named by their path)."""
    return list(doc["paths"].items()) + list(doc.get("webhooks", {}).items())


def operation(docs, method, path):
    """(document, operation) or (document of such a path, None)."""
    found = None
    path = path.split("?")[0]
    for doc in docs:
        # What is written out stands before what fits by its pattern.
        for pattern, item in sorted(both_ways(doc),
                                    key=lambda p: "{" in p[0]):
            rx = re.sub(r"\{[a-z]+\}", "[^/]+", pattern)
            if re.fullmatch(rx, path):
                if method.lower() in item:
                    return doc, item[method.lower()]
                found = doc
    return found, None


def body_of(part):
    return next(iter(part["content"].values()))["schema"]


def check_request(doc, op, m):
    if "requestBody" not in op:
        return []
    rq = m.get("request")
    if rq in (None, "") and not op["requestBody"]["required"]:
        return []
    return Schema(doc).check(body_of(op["requestBody"]), rq, "request")


def check_answer(doc, op, m):
    status = str(m["status"])
    if op is not None and status in op["responses"]:
        part = op["responses"][status]
        if "content" not in part:
            return [] if m.get("response") in (None, "") else \
                ["a body where none belongs"]
        return Schema(doc).check(body_of(part), m.get("response"), "response")
    if status[0] not in "45":
        return ["status %s is not described" % status]
    rs = m.get("response")
    bad = Schema(doc).check({"$ref": "#/components/schemas/Problem"}, rs,
                            "response")
    if isinstance(rs, dict) and rs.get("status") != m["status"]:
        bad.append("the problem says %s, HTTP %s" % (rs.get("status"),
                                                     status))
    if isinstance(rs, dict) and rs.get("type") != \
            "urn:opdp:error:%s" % rs.get("code"):
        bad.append("type and code do not agree")
    return bad


def check_message(docs, m):
    if m["path"].startswith("/panel/") or not m["path"].startswith(
            ("/opdp/", "/api/")):
        return []			# HTML, or what a device serves
    doc, op = operation(docs, m["method"], m["path"])
    if op is None:
        if m["status"] < 400:
            return ["no such operation is described"]
        if m["method"] == "HEAD":
            return []
        return check_answer(doc or docs[0], None, m)
    wrong = check_request(doc, op, m)
    if m["status"] == 0:		# nobody answered
        return wrong
    bad = check_answer(doc, op, m)
    if m["status"] < 300:
        bad += wrong
    return bad


def check_files(names):
    docs, n, bad = load(), 0, 0
    for name in names:
        with open(name, encoding="utf-8") as f:
            lines = f.read().splitlines()
        for i, line in enumerate(lines, 1):
            m = json.loads(line)
            n += 1
            for words in check_message(docs, m):
                bad += 1
                print("%s:%d: %s %s -> %s: %s" % (name, i, m["method"],
                      m["path"], m["status"], words))
    if n == 0:
        print("no message to check")
        return 1
    return 1 if bad else 0


def every_schema(node, inside=False):
    """Schemas anywhere in a document."""
    if isinstance(node, dict):
        if "schema" in node and isinstance(node["schema"], dict):
            yield node["schema"]
        for key, value in node.items():
            if key == "schemas":
                yield from value.values()
            else:
                yield from every_schema(value)
    elif isinstance(node, list):
        for value in node:
            yield from every_schema(value)


def check_self():
    """Every reference leads somewhere and every keyword is known."""
    known = {a[2:] for a in dir(Schema) if a.startswith("k_")} | WORDS

    def walk(doc, s):
        for key, value in s.items():
            assert key.strip("$") in known, "unknown keyword " + key
            if key == "$ref":
                Schema(doc).resolve(value)
            elif key == "properties":
                for p in value.values():
                    walk(doc, p)
            elif key in ("items", "if", "then", "else"):
                walk(doc, value)
            elif key in ("anyOf", "oneOf", "allOf"):
                for p in value:
                    walk(doc, p)
            elif key == "pattern":
                re.compile(value)
    for doc in load():
        assert doc["openapi"].startswith("3.1")
        for s in every_schema(doc):
            walk(doc, s)
    return 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(check_self() if sys.argv[1] == "--self" else
             check_files(sys.argv[1:]))
