# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
"""Many simulated devices at one moment: fleet.py N

Needs the words of a rig in the environment and a folder W. Each device has a
user of its own with one job of twelve sides; at one moment all of them tap, and
each device has the trouble of its class. Prints a line a class: its name, how many
are as they must be, how many there are, and what is wrong with the first.
"""
import asyncio
import http.client
import json
import os
import re
import socket
import sys
import time

E = os.environ
W, OPSIM = E["W"], E["RIG_BUILD"] + "/tests/opsim/opsim"
SIDES, PRICE, GRANT = 12, 50000, 10000000
LATEST = time.monotonic() + 150


class Api(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(E["RIG_API_SOCK"])


def api(method, path, body=None):
    c = Api("localhost")
    c.request(method, "/api/v1" + path, json.dumps(body) if body else None,
              {"Content-Type": "application/json"})
    r = c.getresponse()
    text = r.read()
    c.close()
    if r.status >= 300:
        raise RuntimeError("%s %s: %d %s" % (method, path, r.status, text[:200]))
    return json.loads(text) if text else None


async def run(*words, stdin=None):
    p = await asyncio.create_subprocess_exec(
        *words, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT)
    out, _ = await p.communicate(stdin.encode() if stdin else b"")
    if p.returncode:
        raise RuntimeError("%s: %s" % (words[:2], out.decode()[-300:]))


class Device:
    """One opsim, and the person who stands there."""

    def __init__(self, i):
        self.i, self.name = i, "fleet-%03d" % i
        self.dir = "%s/fleet/%03d" % (W, i)
        self.user, self.card = "person%03d" % i, "0400%04X" % i
        self.proc, self.job = None, None

    async def register(self):
        os.makedirs(self.dir)
        made = api("POST", "/devices", {"name": self.name, "lpr_host":
                                        "127.0.0.1", "lpr_queue": "op"})
        self.id = made["id"]
        await run(OPSIM, "register", "--dir", self.dir, "--server",
                  E["RIG_SERVER_URL"], "--ca", E["RIG_CA"], "--serial",
                  "F%03d" % self.i, "--level", "3",
                  stdin=made["activation_key"] + "\n")
        api("POST", "/users", {"name": self.user})
        api("POST", "/cards", {"user": self.user, "value": self.card,
                               "encoding": "hex"})
        api("POST", "/accounts/%s/grant" % self.user, {"amount": "10.00"})

    async def power_on(self):
        ready = self.dir + "/ready"
        if os.path.exists(ready):
            os.unlink(ready)
        self.proc = await asyncio.create_subprocess_exec(
            OPSIM, "run", "--dir", self.dir, "--lpd", "127.0.0.1:0",
            "--control", self.dir + "/ctl", "--ready", ready,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL)
        while not os.path.exists(ready) or not os.path.getsize(ready):
            await asyncio.sleep(0.05)
        ports = open(self.dir + "/ports").read()
        port = int(re.search(r"LPD_PORT=['\"]?(\d+)", ports).group(1))
        api("PATCH", "/devices/" + self.id, {"lpr_port": port})
        await self.do("count %d" % SIDES)

    async def hold(self, file):
        await run("lp", "-d", "FollowRaw", "-U", self.user, "-t", self.name, file)

    async def do(self, *lines, must=True):
        """Panel commands, one after the other; what failed."""
        reader, writer = await asyncio.open_unix_connection(self.dir + "/ctl")
        bad = []
        for line in lines:
            writer.write((line + "\n").encode())
            why = b""
            while True:
                got = await asyncio.wait_for(reader.readline(), 60)
                if got.startswith(b"! "):
                    why = got
                if got == b"ok\n":
                    break
                if not got or got.startswith(b"fail"):
                    bad.append("%s: %s" % (line, why.decode().strip()))
                    break
        writer.close()
        if bad and must:
            raise RuntimeError("; ".join(bad))
        return bad

    def papers(self):
        out = self.dir + "/out"
        return sum(f.endswith(".prn") for f in os.listdir(out)) \
            if os.path.isdir(out) else 0

    def end(self):
        if self.proc and self.proc.returncode is None:
            self.proc.terminate()


# ---- what may go wrong: faults before the tap; then what must have come of it:
# state of the job, sides that are paid, papers.
def faulty(*faults):
    async def tap(d, _):
        await d.do(*["fault " + f for f in faults], "swipe " + d.card)
        await d.do("release all", must=False)
        await d.do("logout", must=False)
    return tap


async def logs_out(d, _):
    await d.do("fault slow=1500", "swipe " + d.card, "release all", "logout")


async def asks_again(d, _):
    await d.do("swipe " + d.card, "fault drop-reply")
    await d.do("release all", must=False)
    await d.do("repeat-last", "expect-result replayed")


async def twice(d, _):
    await d.do("swipe " + d.card, "double-new release all", must=False)


async def elsewhere(d, all_devices):
    """The same card at two devices at once; the other one has nobody else."""
    other = all_devices[d.i + 1]
    await asyncio.gather(
        d.do("swipe " + d.card, "release all", must=False),
        other.do("swipe " + d.card, "release all", must=False))


async def nobody(_d, _all):
    pass


async def reboots(d, _):
    """It is switched off while a person is logged in, comes back elsewhere."""
    await d.do("swipe " + d.card)
    d.proc.kill()
    await d.proc.wait()
    await d.power_on()
    await d.do("swipe " + d.card, "release all")


def power_cut(*faults):
    """The power fails when five sides are out; only what is on disk is left."""
    async def tap(d, _):
        await d.do(*["fault " + f for f in faults], "fault power-cut=5",
                   "swipe " + d.card)
        await d.do("release all", must=False)
        until = time.monotonic() + 40
        while time.monotonic() < until:
            with open(d.dir + "/usage.json") as f:
                if json.load(f).get("life", {}).get("impressions") == 5:
                    break
            await asyncio.sleep(0.2)
        d.proc.kill()
        await d.proc.wait()
        await d.power_on()
    return tap


CLASSES = [
    ("all is well", faulty(), "sent", 12, 1),
    ("hangs at the queue", faulty("always:silent-queue"), "held", 0, 0),
    ("refuses the queue", faulty("nak-queue"), "held", 0, 0),
    ("breaks off in the data", faulty("drop-mid-data=100"), "unconfirmed", None, 0),
    ("prints and never says so", faulty("drop-final-ack"), "sent", 12, 1),
    ("power cut after 5 of 12", power_cut(), "sent", 5, 1),
    ("counts wrong", faulty("usage-over=3"), "sent", 15, 1),
    ("loses the answer to its records", faulty("usage-lost"), "sent", 12, 1),
    ("says its records twice", faulty("usage-twice"), "sent", 12, 1),
    ("loses its log", faulty("usage-reset"), "sent", 12, 1),
    ("a request sent twice", faulty("duplicate-request"), "sent", 12, 1),
    ("an answer is lost", asks_again, "sent", 12, 1),
    ("logs out during the transfer", logs_out, "sent", 12, 1),
    ("two taps", twice, "sent", 12, 1),
    ("two devices", elsewhere, "sent", 12, None),
    ("the other of the two", nobody, "held", 0, None),
    ("reboots and has another address", reboots, "sent", 12, 1),
    ("power cut during the transfer", power_cut("silent-final"), "unconfirmed", 5, 1),
    ("takes nobody for two seconds", faulty("busy=2"), "sent", 12, 1),
    ("is slow", faulty("always:slow=4000"), "sent", 12, 1),
    ("lies in the acknowledgement", faulty("text-answer"), None, None, None),
]


def wrong(d, want):
    """"" when it is as it must be."""
    _, _, state, sides, papers = want
    job = api("GET", "/jobs/" + d.job)
    if state and job["state"] != state:
        return "%s: %s, not %s (%s)" % (d.name, job["state"], state, job["reason"])
    if sides is not None:
        left = round(float(api("GET", "/accounts/%s?kind=user" % d.user)
                           ["units"][0]["balance"]) * 1000000)
        if left != GRANT - sides * PRICE:
            return "%s: %d left, not %d" % (d.name, left, GRANT - sides * PRICE)
    if papers is not None and d.papers() != papers:
        return "%s: %d papers, not %d" % (d.name, d.papers(), papers)
    return ""


async def some(limit, jobs):
    gate = asyncio.Semaphore(limit)

    async def one(job):
        async with gate:
            await job
    await asyncio.gather(*[one(j) for j in jobs])


async def tap(d, want, devices):
    try:
        await want[1](d, devices)
    except (RuntimeError, OSError, asyncio.TimeoutError) as e:
        print("#", d.name, want[0], repr(e))


async def main(n):
    devices = [Device(i) for i in range(n)]
    file = W + "/twelve.pcl"
    with open(file, "wb") as f:
        f.write(b"\x1bE" + b"".join(b"page %d of twelve\r\n" % i * 25 + b"\f"
                                   for i in range(SIDES)) + b"\x1bE")
    try:
        await some(8, [d.register() for d in devices])
        await some(8, [d.power_on() for d in devices])
        await some(4, [d.hold(file) for d in devices])
        while True:
            jobs, after = {}, ""
            while after is not None:
                page = api("GET", "/jobs?job_state=held&limit=200" +
                           ("&after=" + after if after else ""))
                jobs.update((j["title"], j) for j in page["jobs"])
                after = page["next"]
            if all(d.name in jobs for d in devices) or \
                    time.monotonic() > LATEST:
                break
            await asyncio.sleep(0.2)
        for d in devices:
            d.job = jobs[d.name]["id"]
            if jobs[d.name]["pages"]["sides"] != SIDES:
                print("#", d.name, "counted as", jobs[d.name]["pages"]["sides"])
        began = time.monotonic()
        await asyncio.gather(*[tap(d, CLASSES[d.i % len(CLASSES)], devices)
                               for d in devices])
        print("# all have tapped after %.1f s" % (time.monotonic() - began))
        for place, want in enumerate(CLASSES):
            mine = [d for d in devices if d.i % len(CLASSES) == place]
            bad = [w for w in (wrong(d, want) for d in mine) if w]
            while bad and time.monotonic() < min(LATEST, began + 60):
                await asyncio.sleep(0.3)
                bad = [w for w in (wrong(d, want) for d in mine) if w]
            print("%s\t%d\t%d\t%s" % (want[0], len(mine) - len(bad), len(mine),
                                      "; ".join(bad[:2])))
        total = sum(d.papers() for d in devices)
        pairs = [(devices[i].papers() + devices[i + 1].papers())
                 for i in range(14, n, len(CLASSES))]
        print("two devices print once\t%d\t%d\t%s" % (
            sum(p == 1 for p in pairs), len(pairs), pairs))
        print("# %d papers, %.1f s in all" % (total, time.monotonic() - began))
    finally:
        for d in devices:
            d.end()
        await asyncio.gather(*[d.proc.wait() for d in devices if d.proc])

asyncio.run(main(int(sys.argv[1])))
