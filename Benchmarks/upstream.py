# SPDX-License-Identifier: Apache-2.0
"""The parts of make bench about records on their way upstream and pictures on their way in."""
import os
import shutil
import subprocess
import threading
import time

from gateway import Broker, Daemon, Questions, Twin, figures, free_port, median, percentile, say, write_site

PICTURE = 300_000


class Upstream:
    """A daemon on a journal of so many records with a broker beside it."""

    def __init__(self, bench, records, starts_broker=True):
        self.bench, shop = bench, bench.shop
        self.broker = Broker(shop)
        if starts_broker:
            self.broker.start()
        prefix = shop.path("tty-")
        self.twin = Twin(shop, "load", prefix, 1, "lanes=4")
        site = write_site(shop, "uplink-%d" % records, prefix, free_port(), 4, broker=self.broker.port)
        self.state = bench.fresh(100, records)
        self.daemon = Daemon(shop, site, self.state)
        self.questions = Questions(self.daemon)

    def status(self):
        return self.questions.uplink()

    def wait(self, within=180, step=0.02):
        """Until nothing waits any more; returns the last number."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            now = self.status()
            if now.get("up") and now["backlog"] == 0:
                return now["acknowledged"]
            time.sleep(step)
        raise SystemExit("the backlog was not taken in time: %s" % now)

    def idle(self, seconds=2):
        """Processor seconds a second that the daemon takes by itself."""
        before = self.daemon.processor()
        time.sleep(seconds)
        return (self.daemon.processor() - before) / seconds

    def again(self, after, settles=0.2):
        """Everything after this once more: records, seconds, processor seconds."""
        before, began = self.daemon.processor(), time.monotonic()
        self.questions.ask("replay", after=after)
        time.sleep(settles)  # the order is on its way to the uplink's thread
        count = self.wait(step=0.05) - after
        return count, time.monotonic() - began, self.daemon.processor() - before

    def close(self):
        self.questions.close()
        self.daemon.stop()
        self.twin.process.kill()
        self.broker.stop()
        shutil.rmtree(self.state)


def message_size(bench):
    """Bytes of one record's event as it arrives, the median of some."""
    shop = bench.shop
    upstream = Upstream(bench, 1_000, starts_broker=False)
    upstream.broker.start()
    sub = shop.start(["mosquitto_sub", "-p", str(upstream.broker.port), "-t", "#", "-q", "0", "-C", "500", "-F", "%l"],
                     stdout=subprocess.PIPE, text=True)
    sizes = [int(line) for line in sub.communicate(timeout=60)[0].split()]
    upstream.close()
    return int(median(sizes))


def drain(bench):
    """(g)"""
    records = 20_000 if bench.quick else 100_000
    size = message_size(bench)
    say("\n(g) a backlog of %d records to mosquitto, %d bytes each, 100 under way" % (records, size))
    upstream = Upstream(bench, records)
    upstream.wait()
    idle = upstream.idle()
    rates, yards, ratios, costs, bare = [], [], [], [], []
    for _ in range(bench.pairs):
        count, seconds, cost = upstream.again(0)
        cost = (cost - idle * seconds) * 1e6 / count
        found = figures(bench.command(bench.shop.path("mqtt_qos1"), "127.0.0.1", str(upstream.broker.port), str(records),
                                      "100", str(size)))
        rates.append(count / seconds)
        yards.append(float(found["msgs_s"]))
        costs.append(cost)
        bare.append(float(found["client_cpu_us_per_msg"]))
        ratios.append(rates[-1] / yards[-1])
        say("  gateway %7.0f/s %5.1f µs of processor each   libmosquitto %7.0f/s %5.1f µs   %.2f" % (
            rates[-1], cost, yards[-1], bare[-1], ratios[-1]))
    upstream.close()
    ratio = median(ratios)
    bench.report.add("(g) records/s to mosquitto", "%.0f" % median(rates), "libmosquitto %.0f" % median(yards),
                     "%.2f" % ratio, "≥ 0.5", ratio >= .5)
    bench.report.add("(g) processor a record", "%.1f µs" % median(costs), "libmosquitto %.1f µs" % median(bare),
                     "%.2f" % median([a / b for a, b in zip(costs, bare)]), "none", None)


def beside(bench):
    """(h)"""
    records = 100_000
    say("\n(h) the latency of (a), realtime, while %d records drain over and over, and while pictures of %d kB arrive at 20 a second"
        % (records, PICTURE // 1000))
    broker = Broker(bench.shop).start()
    lanes = 14  # two more for the cameras with the pictures

    def round(during=None):
        found, _ = bench.reads(100, bench.samples, bench.realtime, lanes=lanes, site_lanes=16, records=records,
                               broker=broker.port, during=during)
        return [one[0] for one in found]

    drained = []

    def draining(daemon, _port, ended):
        questions = Questions(daemon)
        while not ended.wait(0.05):
            now = questions.uplink()
            if now.get("up") and now["backlog"] == 0:
                drained.append(now["acknowledged"])
                questions.ask("replay", after=0)
        questions.close()

    def picturing(_daemon, port, ended):
        # Other machines' work: beside a pty its kernel worker, which no real line has, would wait for it.
        sender = bench.shop.start(["chrt", "-i", "0", bench.shop.path("pictures"), str(port), str(lanes), "2", "4", "100000", str(PICTURE), "20"],
                                  stdout=subprocess.PIPE, text=True)
        ended.wait()
        sender.kill()
        sender.wait()

    # Pooled over the rounds: of ninety reads the 99th percentile would be the slowest alone.
    found = {"alone": [], "drain": [], "pictures": []}
    for _ in range(1 if bench.quick else 4):
        for name, during in (("alone", None), ("drain", draining), ("pictures", picturing)):
            reads = round(during)
            found[name] += reads
            say("  %-8s p50 %7.0f  p99 %7.0f µs" % (name, percentile(reads, .5), percentile(reads, .99)))
    for name in ("drain", "pictures"):
        for share, which in ((.5, "p50"), (.99, "p99")):
            ours, alone = percentile(found[name], share), percentile(found["alone"], share)
            bench.report.add("(h) read latency %s beside %s" % (which, name), "%.0f µs" % ours, "alone %.0f µs" % alone,
                             "%.2f" % (ours / alone), "≤ 1.1", ours <= 1.1 * alone)
    say("  the backlog was taken %d times" % len(drained))
    broker.stop()


def backlog(bench):
    """(i)"""
    many, few = (100_000 if bench.quick else 1_000_000), 1_000
    say("\n(i) a backlog of %d records beside one of %d" % (many, few))
    small = Upstream(bench, few)
    small.wait()
    small_idle = small.idle()
    thousand = [(cost - small_idle * seconds) * 1e6 / count
                for count, seconds, cost in [small.again(0) for _ in range(10 if bench.quick else 40)]]
    small.close()
    large = Upstream(bench, many, starts_broker=False)
    time.sleep(2)
    large_idle = large.idle()
    idle, peak, stop = large.daemon.smaps(), {}, threading.Event()

    def watch():
        while not stop.wait(0.2):
            for key, value in large.daemon.smaps().items():
                peak[key] = max(peak.get(key, 0), value)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    before = large.daemon.processor()
    large.broker.start()
    while not large.status().get("up"):
        time.sleep(0.01)
    began, start = time.monotonic(), large.status()["acknowledged"]
    count = large.wait(within=400, step=0.2)
    seconds = time.monotonic() - began
    cost = (large.daemon.processor() - before - large_idle * seconds) * 1e6 / count
    stop.set()
    watcher.join()
    large.close()
    few_cost = median(thousand)
    say("  %d: %.1f s, %.0f/s, %.1f µs of processor each; %d: %.1f µs each" % (
        count, seconds, (count - start) / seconds, cost, few, few_cost))
    bench.report.add("(i) processor a record, backlog %d" % many, "%.1f µs" % cost, "%d: %.1f µs" % (few, few_cost),
                     "%.2f" % (cost / few_cost), "≤ 1.2", cost <= 1.2 * few_cost)
    for key in ("Private_Dirty", "Rss"):
        growth = (peak[key] - idle[key]) / 1024
        bench.report.add("(i) %s above idle" % key, "%.1f MB" % growth, "idle %.1f MB" % (idle[key] / 1024), "", "≤ 3 MB",
                         growth <= 3)


NGINX = """daemon off; worker_processes 1; pid %(folder)s/pid; error_log %(folder)s/error; user root;
events { worker_connections 64; }
http { access_log off; client_max_body_size 8m; client_body_temp_path %(folder)s/temp;
  server { listen 127.0.0.1:%(port)d; root %(folder)s/files; keepalive_requests 1000000; location / { dav_methods PUT; } } }
"""


def pictures(bench):
    """(j)"""
    shop = bench.shop
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    if not os.path.exists(program):
        raise SystemExit("part j needs nginx: make bench-deps")
    say("\n(j) plates with a picture of %d kB received and stored, beside nginx writing the same bodies to files" % (PICTURE // 1000))
    count, connections = (300 if bench.quick else 1500), 8
    rates, yards, ratios = [], [], []
    for _ in range(bench.pairs):
        port, state = free_port(), shop.path("pictures-stored")
        server = shop.start([bench.program, "pictures", str(port), state], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if server.stdout.readline() != "ready\n":
            raise SystemExit("gatehouse-bench pictures did not start")
        ours = figures(bench.command(shop.path("pictures"), str(port), "0", "16", str(connections), str(count), str(PICTURE), "0"))
        server.communicate("")
        stored = sum(len(names) for _, _, names in os.walk(state))
        shutil.rmtree(state)
        os.sync()
        folder, yard_port = shop.path("nginx"), free_port()
        os.makedirs(folder + "/files")
        with open(folder + "/conf", "w") as f:
            f.write(NGINX % {"folder": folder, "port": yard_port})
        nginx = shop.start([program, "-c", folder + "/conf", "-p", folder], stderr=subprocess.DEVNULL)
        time.sleep(0.5)
        yard = figures(bench.command(shop.path("pictures"), str(yard_port), "0", "1", str(connections), str(count), str(PICTURE), "0", "put"))
        nginx.terminate()
        nginx.wait()
        written = len(os.listdir(folder + "/files"))
        shutil.rmtree(folder)
        os.sync()
        rates.append(float(ours["req_s"]) if int(ours["refused"]) == 0 and stored == count else 0)
        yards.append(float(yard["req_s"]))
        ratios.append(rates[-1] / yards[-1])
        say("  gateway %5s/s, p50 %s µs, %d of %d stored, %s refused   nginx %5s/s, p50 %s µs, %d stored   %.2f" % (
            ours["req_s"], ours["p50_us"], stored, count, ours["refused"], yard["req_s"], yard["p50_us"], written, ratios[-1]))
    ratio = median(ratios)
    bench.report.add("(j) pictures/s received and stored", "%.0f" % median(rates), "nginx %.0f" % median(yards), "%.2f" % ratio,
                     "≥ 0.5", ratio >= .5)
