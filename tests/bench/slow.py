#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
"""slow.py sink PORT RATE
       printers that take no data; from SIGUSR1 on RATE bytes a second of each
       connection, but for the last; from SIGUSR2 on all at once
slow.py panel TIMES
       one panel that asks for its jobs so often; prints microseconds of the
       median and of the slowest in a hundred"""
import asyncio
import gc
import json
import os
import signal
import socket
import ssl
import sys
import time

E = os.environ


# ---- LPD (RFC 1179), as slow as wanted
class Pace:
    def __init__(self, rate):
        self.rate, self.slow = rate, True
        self.go, self.end = asyncio.Event(), asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGUSR1, self.go.set)
        loop.add_signal_handler(signal.SIGUSR2, self.hurry)

    def hurry(self):
        self.slow = False
        self.go.set()
        self.end.set()

    def again(self):
        self.slow = True
        self.go.clear()
        self.end.clear()

    async def rest(self, n):
        if self.slow:
            await asyncio.sleep(n / self.rate)


async def exactly(reader, n, pace):
    while n > 0:
        most = pace.rate // 3 if pace else n
        if pace:
            await (pace.end if n <= most else pace.go).wait()
        piece = await reader.read(min(n, most))
        if not piece:
            raise ConnectionError
        n -= len(piece)
        if pace:
            await pace.rest(len(piece))


async def job(reader, writer, pace):
    try:
        await reader.readline()
        writer.write(b"\0")
        while line := await reader.readline():
            size = int(line[1:].split()[0])
            writer.write(b"\0")
            await exactly(reader, size + 1, pace if line[0] == 3 else None)
            writer.write(b"\0")
    except (ConnectionError, ValueError, IndexError):
        pass
    writer.close()


async def sink(port, rate):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    s.bind(("127.0.0.1", port))
    pace, under_way = Pace(rate), 0

    async def serve(reader, writer):
        nonlocal under_way
        under_way += 1
        await job(reader, writer, pace)
        under_way -= 1
        if under_way == 0:
            pace.again()

    server = await asyncio.start_server(serve, sock=s, limit=65536,
                                        backlog=256)
    print("ready", flush=True)
    async with server:
        await server.serve_forever()


# ---- a panel
class Panel:
    def __init__(self):
        context = ssl.create_default_context(cafile=E["RIG_CA"])
        context.load_cert_chain(E["RIG_DEVICE_CERT"], E["RIG_DEVICE_KEY"])
        raw = socket.create_connection(("localhost", int(E["RIG_HTTPS_PORT"])))
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock = context.wrap_socket(raw, server_hostname="localhost")
        self.file = self.sock.makefile("rb")

    def act(self, body):
        text = json.dumps(body).encode()
        self.sock.sendall(
            b"POST /opdp/v1/panel/action HTTP/1.1\r\nHost: localhost\r\n"
            b"OPDP-Version: 1.0\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n" % len(text) + text)
        if b" 200 " not in self.file.readline():
            raise RuntimeError("the panel was refused")
        size = 0
        while (line := self.file.readline()) not in (b"\r\n", b""):
            if line.lower().startswith(b"content-length:"):
                size = int(line.split(b":")[1])
        return json.loads(self.file.read(size))


def panel(count):
    p = Panel()
    got = p.act({"op": "login", "credential": {
        "method": "card", "value": E["RIG_ANNA_CARD"], "encoding": "hex"}})
    ask = {"op": "list", "session_id": got["session"]["session_id"]}
    times = []
    gc.disable()
    for _ in range(count):
        began = time.perf_counter()
        if "jobs" not in p.act(ask):
            raise RuntimeError("no list")
        times.append(time.perf_counter() - began)
        time.sleep(0.004)
    p.act({"op": "logout", "session_id": ask["session_id"]})
    times.sort()
    print(*[int(times[int(q * (len(times) - 1))] * 1e6) for q in (0.5, 0.99)])


if sys.argv[1] == "sink":
    asyncio.run(sink(int(sys.argv[2]), int(sys.argv[3])))
else:
    panel(int(sys.argv[2]))
