#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
"""A man in the middle: what a network and a bad server do to LDAP.

middle.py ORDER-FILE [--netns PID] PORT:TARGET...

Listens on 127.0.0.1:PORT and hands all on to 127.0.0.1:TARGET, there in the
network namespace of PID. ORDER-FILE holds what is done to it, words parted by
blanks, and is read again for each message; empty: nothing.

strip       the root DSE does not say that there is STARTTLS (RFC 4511, 4.14)
refuse      STARTTLS is answered with protocolError
silent      accepts, never answers
deaf        does not accept: who connects waits
close-bind  closes when somebody logs in
delay:MS    each piece of an answer comes so much later
reset:N     after N bytes of answers the connection is reset
drip        answers come byte by byte
garbage     the first answer is no LDAP
huge        the first answer says that two gigabytes will follow
"""
import ctypes
import select
import socket
import struct
import sys
import threading
import time

STARTTLS = b"1.3.6.1.4.1.1466.20037"
BIND, ENTRY, EXTENDED, ANSWER = 0x60, 0x64, 0x77, 0x78


# ---- BER, as much as it takes
def head(data):
    """(tag, bytes before the content, bytes of content); None: not yet all"""
    if len(data) < 2:
        return None
    size = data[1]
    if size < 0x80:
        return data[0], 2, size
    more = size & 0x7F
    if more > 4:
        raise ValueError("a length of %d bytes" % more)
    if len(data) < 2 + more:
        return None
    return data[0], 2 + more, int.from_bytes(data[2:2 + more], "big")


def pack(tag, content):
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(octets))) + octets + content


def parts(content):
    while content:
        tag, before, size = head(content)
        yield tag, content[before:before + size]
        content = content[before + size:]


def without(content, value):
    """The same, but for the strings that are value."""
    out = b""
    for tag, inner in parts(content):
        if tag & 0x20:
            out += pack(tag, without(inner, value))
        elif inner != value:
            out += pack(tag, inner)
    return out


class Messages:
    """Bytes that come anyhow, as LDAP messages; anything else as it came."""

    def __init__(self):
        self.data, self.raw = b"", False

    def feed(self, data):
        self.data += data
        while self.data:
            if self.raw or self.data[0] != 0x30:    # TLS has begun
                self.raw = True
                yield None, self.data
                self.data = b""
                return
            first = head(self.data)
            if not first or len(self.data) < first[1] + first[2]:
                return
            end = first[1] + first[2]
            message, self.data = self.data[:end], self.data[end:]
            yield list(parts(message[first[1]:])), message


# ---- one connection
class Connection(threading.Thread):
    def __init__(self, client, target, orders):
        super().__init__(daemon=True)
        self.client, self.target, self.orders = client, target, orders
        self.server = None
        self.sent = 0

    def run(self):
        try:
            if "silent" not in self.orders():
                self.server = socket.create_connection(("127.0.0.1", self.target))
            self.pump()
        except OSError:
            pass
        finally:
            self.end()

    def pump(self):
        """Both ways in one thread: a socket that is closed is closed at once."""
        ways = {self.client: (Messages(), self.question)}
        if self.server:
            ways[self.server] = (Messages(), self.answer)
        while True:
            for end in select.select(list(ways), [], [])[0]:
                data = end.recv(65536)
                if not data:
                    return
                messages, handle = ways[end]
                for message, raw in messages.feed(data):
                    handle(message, raw)

    def end(self, reset=False):
        if reset:
            self.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                   struct.pack("ii", 1, 0))
        self.client.close()
        if self.server:
            self.server.close()

    # what the client says
    def question(self, message, raw):
        orders = self.orders()
        if "silent" in orders:
            return
        kind = message[1][0] if message and len(message) > 1 else 0
        if "close-bind" in orders and kind == BIND:
            raise ConnectionAbortedError
        if "refuse" in orders and kind == EXTENDED and \
                (0x80, STARTTLS) in parts(message[1][1]):
            no = pack(0x0A, b"\x02") + pack(4, b"") + pack(4, b"not here")
            self.client.sendall(pack(0x30, pack(2, message[0][1]) +
                                     pack(ANSWER, no)))
            return
        self.server.sendall(raw)

    # what the server says
    def answer(self, message, raw):
        orders = self.orders()
        if "silent" in orders:
            return
        if "strip" in orders and message and message[1][0] == ENTRY:
            raw = pack(0x30, without(raw[head(raw)[1]:], STARTTLS))
        if "garbage" in orders:
            raw = b"HTTP/1.1 400 Bad Request\r\n\r\n"
        if "huge" in orders:
            raw = b"\x30\x84\x7f\xff\xff\xff\x02\x01\x01\x64" + raw
        if "delay" in orders:
            time.sleep(orders["delay"] / 1000)
        self.send(raw, orders)

    def send(self, raw, orders):
        if "reset" in orders and self.sent + len(raw) >= orders["reset"]:
            self.client.sendall(raw[:max(0, orders["reset"] - self.sent)])
            self.end(reset=True)
            raise ConnectionAbortedError
        self.sent += len(raw)
        if "drip" not in orders:
            self.client.sendall(raw)
            return
        self.client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for octet in raw:
            self.client.sendall(bytes((octet,)))
            time.sleep(0.001)


# ---- all of them
def orders_of(path):
    found = {}
    with open(path, encoding="ascii") as file:
        for word in file.read().split():
            name, _, value = word.partition(":")
            found[name] = int(value or 0)
    return found


def crowd(port):
    """Fill the queue of a listening socket: the next one waits."""
    waiting = []
    while len(waiting) < 64:
        one = socket.socket()
        one.setblocking(False)
        one.connect_ex(("127.0.0.1", port))
        waiting.append(one)
        if not select.select([], [one], [], 0.1)[1]:
            break
    return waiting


def listen(port):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(64)
    return listener


def deaf_while(listener, orders):
    port = listener.getsockname()[1]
    listener.listen(0)
    waiting = crowd(port)
    print("deaf", flush=True)
    while "deaf" in orders():
        time.sleep(0.1)
    for one in waiting:
        one.close()
    listener.listen(64)
    print("hears", flush=True)


def serve(listener, target, orders):
    while True:
        if "deaf" in orders():
            deaf_while(listener, orders)
        # Looks up now and then: the order may have become deaf.
        if select.select([listener], [], [], 0.2)[0]:
            Connection(listener.accept()[0], target, orders).start()


def enter(pid):
    libc = ctypes.CDLL(None, use_errno=True)
    with open(f"/proc/{pid}/ns/net", "rb") as file:
        if libc.setns(file.fileno(), 0x40000000) != 0:
            raise OSError(ctypes.get_errno(), "setns")


def main():
    words = sys.argv[1:]
    if len(words) < 2:
        sys.exit(__doc__)
    path = words.pop(0)
    netns = None
    if words[0] == "--netns":
        netns, words = words[1], words[2:]
    pairs = [[int(n) for n in word.split(":")] for word in words]
    # A socket stays in the namespace it was made in.
    listeners = [(listen(port), target) for port, target in pairs]
    if netns:
        enter(netns)
    for listener, target in listeners:
        threading.Thread(target=serve, daemon=True,
                         args=(listener, target, lambda: orders_of(path))).start()
    print("ready", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
