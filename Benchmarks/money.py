# SPDX-License-Identifier: Apache-2.0
"""The parts of make bench about money, and the payment platform that make torture has beside its load."""
import hashlib
import hmac
import http.client
import json
import os
import shutil
import sqlite3
import threading
import time

from gateway import ROOT, Daemon, Twin, figures, free_port, median, say, write_site

KEY = "0123456789abcdef0123456789abcdef"
TARIFF = """id: bench
version: 1
currency: CNY
tz: Asia/Shanghai
rate: {kind: visit, per: stay, price: 500}
"""
EXAMPLES = os.path.join(ROOT, "Tests", "Oracle", "tariff-examples.json")


def charge(shop, site, port):
    """Makes a site one that charges and takes payments at that port; what its daemon needs in its environment."""
    credentials = shop.path("credentials")
    os.makedirs(credentials, exist_ok=True)
    for path, text in ((os.path.join(credentials, "payment-key"), KEY + "\n"), (shop.path("tariff.yaml"), TARIFF)):
        with open(path, "w") as file:
            file.write(text)
    with open(site, "a") as file:
        file.write("charging: {tariffs: [{file: %s}], channel: {key: payment-key, http: '127.0.0.1:%d'}}\n" % (
            shop.path("tariff.yaml"), port))
    return {"CREDENTIALS_DIRECTORY": credentials}


class Platform:
    """Whoever takes the drivers' money (docs/payment-channel.md)."""

    def __init__(self, port):
        self.port, self.count = port, 0

    def send(self, word, **fields):
        """Status and answer; (0, {}) when there is nobody."""
        self.count += 1
        body = json.dumps({"sender": "bench", "serial": "b-%d" % self.count, "sent_ms": int(time.time() * 1000), **fields})
        text = body.encode()
        signature = hmac.new(KEY.encode(), word.encode() + b"\n" + text, hashlib.sha256).hexdigest()
        try:
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
            line.request("POST", "/" + word, text, {"Gatehouse-Signature": signature})
            answer = line.getresponse()
            status, payload = answer.status, answer.read()
            line.close()
        except (OSError, http.client.HTTPException):
            return 0, {}
        try:
            return status, json.loads(payload)
        except ValueError:
            return status, {}


# (k) From a payment to the arm


class Exit:
    """Cars at one exit, one after the other, and what the twin says of the arm."""

    def __init__(self, bench):
        shop, port, http_port = bench.shop, free_port(), free_port()
        prefix = shop.path("tty-")
        # Two exits: the last one of an area is not held closed.
        self.twin = Twin(shop, "drive", prefix, port, "lanes=4", scheduler=bench.realtime)
        site = write_site(shop, "payments", prefix, port, 4)
        environment = charge(shop, site, http_port)
        self.state = shop.path("payments")
        self.daemon = Daemon(shop, site, self.state, bench.realtime, environment)
        self.platform = Platform(http_port)
        self.lines = self.twin.lines()
        self.plates = ["沪A%05d" % (12_000 + number) for number in range(24)]
        must(self.daemon.ask("stay", "import", "main", *self.plates, "--reason", "READ_ERROR"))
        self.twin.go()
        time.sleep(3)

    def arrives(self):
        """A car that is inside comes to the exit; what it is asked for."""
        plate = self.plates.pop()
        self.twin.say("R 1 %s" % plate)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            status, quote = self.platform.send("quote", lane="lane-1")
            if status == 200 and quote.get("plate") == plate and quote["due"] > 0:
                return quote
            time.sleep(0.1)
        raise SystemExit("%s is not asked for money: %d %s" % (plate, status, quote))

    def pays(self, quote):
        """When the notice was sent and when it was answered, which is after its commit, in ns."""
        sent = time.monotonic_ns()
        status, answer = self.platform.send("payment", way="static_qr", amount=quote["due"], quote=quote["quote"])
        answered = time.monotonic_ns()
        if status != 200 or answer.get("use") != "stay":
            raise SystemExit("a payment is not taken: %d %s" % (status, answer))
        return sent, answered

    def opens(self):
        """When the pulse's frame was readable at the pty, ns."""
        late = threading.Timer(15, self.twin.process.kill)
        late.start()
        try:
            for line in self.lines:
                if line[0] in "SW":
                    return int(line[4])
        finally:
            late.cancel()
        raise SystemExit("nothing opened within 15 s:\n%s" % (self.daemon.ask("events", "--since", "20s")[1]))

    def leaves(self):
        time.sleep(2.6)  # under the arm and away

    def close(self):
        self.daemon.stop()
        self.twin.process.kill()


def payments(bench):
    say("\n(k) from a payment notice over HTTP to the arm, through the real daemon; 'paid but still shut' heals")
    scene = Exit(bench)
    try:
        drive_exit(bench, scene)
    except SystemExit as trouble:  # the other figures are not lost for it
        say("  not measured: %s" % trouble)
        bench.report.add("(k) payment notice to arm", "", "", "", "≤ 300 ms", False)
    finally:
        scene.close()


def drive_exit(bench, scene):
    arms, answers, healed = [], [], []
    for _ in range(3 if bench.quick else 12):
        quote = scene.arrives()
        sent, answered = scene.pays(quote)
        opened = scene.opens()
        arms.append((opened - sent) / 1e6)
        answers.append((answered - sent) / 1e6)
        scene.leaves()
    for _ in range(2 if bench.quick else 6):
        quote = scene.arrives()
        must(scene.daemon.ask("lane", "hold", "lane-1", "closed", "--reason", "TEST"))
        scene.pays(quote)
        time.sleep(0.7)
        # From the order on, with the start of the program that gives it.
        ordered = time.monotonic_ns()
        must(scene.daemon.ask("lane", "release", "lane-1", "--reason", "TEST"))
        opened = scene.opens()
        if opened < ordered:
            raise SystemExit("a lane that is held closed opened")
        healed.append((opened - ordered) / 1e6)
        scene.leaves()
    say("  %d notices: answered p50 %.1f ms, arm told p50 %.1f, longest %.1f ms after they were sent" % (
        len(arms), median(answers), median(arms), max(arms)))
    bench.report.add("(k) payment notice to arm, longest", "%.1f ms" % max(arms), "its answer: %.1f ms" % median(answers),
                     "%.2f" % (median(arms) / median(answers)), "≤ 300 ms", max(arms) <= 300)
    bench.report.add("(k) paid but held shut, after the release's order", "%.0f ms" % max(healed), "", "", "≤ 3000 ms",
                     max(healed) <= 3000)


def must(answer):
    code, _, error = answer
    if code:
        raise SystemExit(error)


# (l) Quotes


def quotes(bench):
    say("\n(l) quotes a second under the worked tariff that takes longest")
    found = {}
    for line in bench.command(bench.program, "quotes", EXAMPLES).splitlines():
        say("  " + line)
        one = figures(line)
        found[int(one["days"])] = one
        bench.report.add("(l) quotes/s, %s, %s d" % (one["case"], one["days"]), one["quotes_s"],
                         "minute walk %s" % one["walks_s"], one["ratio"], "none", None)
    ratio = int(found[1]["quotes_s"]) / max(1, int(found[30]["quotes_s"]))
    bench.report.add("(l) a stay of 30 days against one of 1", found[30]["quotes_s"], found[1]["quotes_s"], "%.1f" % ratio, "≤ 40", ratio <= 40)


# (m) The ledger


def tree(folder, size):
    """Puts a ledger of so many leaves into a stopped journal. All leaves are alike, so a node is told by its level. The
    lowest two levels, three quarters of all rows, are there only where proofs look: what counts is how deep the table is."""
    hashes = [hashlib.sha256(b"\0").digest()]
    while size >> len(hashes):
        hashes.append(hashlib.sha256(b"\1" + hashes[-1] * 2).digest())
    touched = sorted({number * 2654435761 % size for number in range(2000)})
    base = sqlite3.connect(os.path.join(folder, "journal.db"))
    base.execute("PRAGMA journal_mode = OFF")
    base.execute("PRAGMA synchronous = OFF")
    insert = "INSERT OR IGNORE INTO ledger_node (level, idx, hash) VALUES (?, ?, ?)"
    for level in (0, 1):
        around = ({leaf >> level, leaf >> level ^ 1} for leaf in touched)
        base.executemany(insert, ((level, index, hashes[level]) for pair in around for index in sorted(pair)))
    for level in range(2, len(hashes)):
        node = hashes[level]
        base.executemany(insert, ((level, index, node) for index in range(size >> level)))
    # The numbers are those of no record: the journal is empty.
    base.execute("INSERT INTO ledger_leaf (leaf, seq) VALUES (?, ?)", (size - 1, -1))
    base.commit()
    base.execute("PRAGMA journal_mode = WAL")
    base.close()


def ledger(bench):
    say("\n(m) the ledger: appends and proofs by its size")
    sizes = (10_000, 100_000) if bench.quick else (10_000, 10_000_000)
    folders = []
    for size in sizes:
        folder = bench.shop.path("ledger-%d" % size)
        bench.command(bench.program, "fill", folder, "0", "0")
        before = time.monotonic()
        tree(folder, size)
        say("  %d leaves in %.0f s, %d MB" % (
            size, time.monotonic() - before, os.path.getsize(os.path.join(folder, "journal.db")) >> 20))
        folders.append(folder)
    found = {size: [] for size in sizes}
    for _ in range(3):
        for size, folder in zip(sizes, folders):
            line = bench.command(bench.program, "ledger", folder, str(size)).strip()
            say("  " + line)
            found[size].append(figures(line))
    for key, name, aim in (("append_us", "append a record, commits of 1000", 1.5), ("proof_us", "inclusion proof", 3.0),
                           ("consistency_us", "consistency proof", 3.0)):
        few, many = ([float(one[key]) for one in found[size]] for size in sizes)
        ratio = median([b / a for a, b in zip(few, many)])
        bench.report.add("(m) %s, %d records" % (name, sizes[1]), "%.1f µs" % median(many), "%d: %.1f µs" % (sizes[0], median(few)),
                         "%.2f" % ratio, "≤ %.1f" % aim, ratio <= aim)
    for folder in folders:
        shutil.rmtree(folder)
