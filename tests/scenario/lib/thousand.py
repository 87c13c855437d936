# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
"""Many log-ins at one moment: thousand.py HOST PORT CA CERT KEY <LINES

A line is NAME TAB DOMAIN TAB PASSWORD TAB WANTED; WANTED is the user id that
is let in, or the reason of a refusal. First every connection is made, then all
ask. Prints "right N wrong N lost N longest MS", and on standard error who was
answered otherwise.
"""
import asyncio
import json
import ssl
import sys
import time


def request(host, line):
    name, domain, password, _ = line
    body = json.dumps({"op": "login", "credential": {
        "method": "password", "user": name, "password": password,
        "domain": domain}}).encode()
    return (f"POST /opdp/v1/panel/action HTTP/1.1\r\nHost: {host}\r\n"
            "OPDP-Version: 1.0\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n").encode() + body


async def answer(reader):
    head = await reader.readuntil(b"\r\n\r\n")
    length = 0
    for field in head.decode("latin-1").split("\r\n")[1:]:
        key, _, value = field.partition(":")
        if key.lower() == "content-length":
            length = int(value)
    return json.loads(await reader.readexactly(length))


def said(body):
    if body.get("result") == "ok":
        return body["session"]["user"]["id"]
    return body.get("reason") or body.get("code") or "?"


async def one(host, line, conn, results):
    reader, writer = conn
    began = time.monotonic()
    try:
        writer.write(request(host, line))
        got = said(await asyncio.wait_for(answer(reader), 40))
    except (OSError, asyncio.TimeoutError, asyncio.IncompleteReadError) as e:
        got = "lost: " + type(e).__name__
    results.append((line, got, (time.monotonic() - began) * 1000))


async def main(host, port, ca, cert, key):
    lines = [line.rstrip("\n").split("\t") for line in sys.stdin]
    context = ssl.create_default_context(cafile=ca)
    context.load_cert_chain(cert, key)
    conns = []
    for _ in lines:
        conns.append(await asyncio.open_connection(host, port, ssl=context))
    results = []
    await asyncio.gather(*(one(host, line, conn, results)
                           for line, conn in zip(lines, conns)))
    bad = [(line, got) for line, got, _ in results if got != line[3]]
    lost = [1 for _, got in bad if got.startswith("lost")]
    for line, got in bad[:10]:
        print(f"{line[0]} at {line[1]}: {got}, not {line[3]}",
              file=sys.stderr)
    print("right", len(results) - len(bad), "wrong", len(bad) - len(lost),
          "lost", len(lost), "longest",
          int(max(ms for _, _, ms in results)))


asyncio.run(main(*sys.argv[1:]))
