# SPDX-License-Identifier: Apache-2.0
"""What the benchmarks share: sites, the daemon as a process, the twin, figures and their table."""
import json
import mmap
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
HERE = os.path.join(ROOT, "Benchmarks")


def say(text=""):
    print(text, flush=True)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def median(values):
    ordered = sorted(values)
    return ordered[len(ordered) // 2] if ordered else float("nan")


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def figures(text):
    """The last `FIGURE key=value …` line."""
    lines = [line for line in text.splitlines() if line.startswith("FIGURE ")]
    return dict(pair.split("=", 1) for pair in lines[-1].split()[1:]) if lines else {}


class Workshop:
    """A folder for one run, the compiled C programs in it, and everything that was started."""

    def __init__(self):
        base = os.path.join(ROOT, ".build")
        os.makedirs(base, exist_ok=True)
        self.folder = os.path.join(base, "bench-%d" % os.getpid())
        os.makedirs(self.folder)
        self.started = []

    def path(self, name):
        return os.path.join(self.folder, name)

    def compile(self, name, source, *flags):
        subprocess.run(
            ["gcc", "-O2", "-Wall", "-D_GNU_SOURCE=1", "-o", self.path(name), os.path.join(HERE, source), *flags],
            check=True)
        return self.path(name)

    def start(self, command, **options):
        process = subprocess.Popen(command, **options)
        self.started.append(process)
        return process

    def close(self):
        for process in self.started:
            if process.poll() is None:
                process.kill()
            process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


PROFILE = """maker: bench
model: Board with 32 inputs and 32 relays
driver: modbus-relay
transport: {serial: {baud: 115200, format: 8N1}}
settings: {address: 1, outputs: 32, inputs: 32, coil_base: 0, input_base: 0, flash_base: 512, flash_unit_ms: 100,
           gap_ms: 2}
capabilities: [outputs, inputs, board_timed_pulses]
verified: []
"""


def write_site(shop, name, prefix, port, lanes, fire=False, broker=None):
    """Lanes with a safety loop and both limits; the camera is the presence, so a read alone opens."""
    profiles = shop.path("profiles")
    if not os.path.isdir(profiles):
        shutil.copytree(os.path.join(ROOT, "hardware-profiles"), profiles)
        shutil.rmtree(os.path.join(profiles, "demo"), ignore_errors=True)
        with open(os.path.join(profiles, "relays", "bench-32.yaml"), "w") as f:
            f.write(PROFILE)
    out = ["site: {id: bench, gateway: bench, time_zone: Asia/Shanghai}", "areas:",
           "  main: {capacity: 100000, reserve: 0}", "devices:"]
    for board in range(2 if lanes > 8 else 1):
        out.append("  board-%d: {profile: bench-32, at: %s%d}" % (board, prefix, board))
    for lane in range(lanes):
        out.append("  camera-%d: {profile: hikvision-isapi, at: 127.0.0.1, plates_per_minute: 600, heartbeat: 180}" % lane)
    out.append("lanes:")
    for lane in range(lanes):
        board, first = lane // 8, lane % 8 * 3
        out += [
            "  lane-%d:" % lane,
            "    kind: %s" % ("exit" if lane % 2 else "entry"),
            "    area: main", "    closing: controller", "    camera: camera-%d" % lane,
            "    open: board-%d.out%d" % (board, lane % 8 + 1),
            "    safety: {input: board-%d.in%d, contact: normally_closed}" % (board, first + 1),
            "    limit_up: board-%d.in%d" % (board, first + 2),
            "    limit_down: board-%d.in%d" % (board, first + 3),
            "    anti_crush: {confirmed_by: bench, date: 2026-03-02}",
            "    timers: {open_pulse: 200ms, pulse_gap: 300ms, read_vote: 0ms, clear_delay: 500ms, merge_gap: 100ms, "
            "min_cross: 200ms, safety_off_stable: 100ms, same_plate_interval: 3s, start_wait: 2s}",
        ]
    if fire:
        out += [
            "  fire-exit:", "    kind: exit", "    area: main", "    closing: controller",
            "    open: board-0.out9", "    hold: board-0.out10",
            "    safety: {input: board-0.in25, contact: normally_open, broken_wire_unnoticed: accepted}",
            "    anti_crush: {confirmed_by: bench, date: 2026-03-02}",
            "fire:", "  input: {input: board-0.in31, contact: normally_closed}", "  reset: board-0.in32",
            "  lanes: [fire-exit]"]
    out.append('network: {camera_listener: "127.0.0.1:%d"}' % port)
    if broker:
        out.append("uplink: {broker: 'mqtt://127.0.0.1:%d', window: 100, no_subscribers: accepted}" % broker)
    path = shop.path(name + ".yaml")
    with open(path, "w") as f:
        f.write("\n".join(out) + "\n")
    return path


class Stall:
    """The switch of slowdisk.so."""

    def __init__(self, shop, name):
        self.path = shop.path(name + ".stall")
        with open(self.path, "wb") as f:
            f.write(bytes(4096))
        self.file = open(self.path, "r+b")
        self.map = mmap.mmap(self.file.fileno(), 4096)

    def set(self, on):
        self.map[0:4] = struct.pack("<i", 1 if on else 0)

    def under_way(self):
        return struct.unpack("<i", self.map[4:8])[0]

    def forget(self):
        self.map[0:8] = bytes(8)


class Daemon:
    """One gatehoused on a state folder; `seconds` is exec to READY=1."""

    def __init__(self, shop, site, state, prefix=(), environment=None, name="d"):
        self.shop, self.state = shop, state
        self.socket = shop.path(name + ".sock")
        notify = "@gatehouse-bench-%d-%d" % (os.getpid(), time.monotonic_ns())
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        listener.bind("\0" + notify[1:])
        listener.settimeout(30)
        env = dict(os.environ, NOTIFY_SOCKET=notify, **(environment or {}))
        self.log = open(shop.path(name + ".log"), "ab")
        command = [*prefix, BINARY, "--site", site, "--profiles", shop.path("profiles"), "--state", state,
                   "--socket", self.socket, "--log-level", "warning"]
        before = time.monotonic()
        self.process = shop.start(command, env=env, stdout=self.log, stderr=self.log)
        try:
            while b"READY=1" not in listener.recv(256):
                pass
        except socket.timeout:
            raise SystemExit("the daemon did not become ready:\n" + open(self.log.name).read())
        self.seconds = time.monotonic() - before
        listener.close()

    @property
    def pid(self):
        return self.process.pid

    def ask(self, *words):
        done = subprocess.run(["gatehouse", *words, "--socket", self.socket], executable=BINARY,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        return done.returncode, done.stdout, done.stderr

    def events(self, *kinds):
        """All records of these kinds."""
        after, found = 0, []
        while True:
            words = ["events", "--json", "--after", str(after), "--limit", "1000"]
            for kind in kinds:
                words += ["--kind", kind]
            code, out, error = self.ask(*words)
            if code:
                raise SystemExit("gatehouse events: " + error)
            page = [json.loads(line) for line in out.splitlines()]
            found += page
            if not page:
                return found
            after = page[-1]["seq"]

    def stop(self, hard=False):
        self.process.send_signal(signal.SIGKILL if hard else signal.SIGTERM)
        self.process.wait()
        self.log.close()

    def processor(self):
        """Seconds that its threads were running; all of them live as long as it does."""
        total = 0
        for thread in os.listdir("/proc/%d/task" % self.pid):
            with open("/proc/%d/task/%s/schedstat" % (self.pid, thread)) as f:
                total += int(f.read().split()[0])
        return total / 1e9

    def smaps(self):
        values = {}
        with open("/proc/%d/smaps_rollup" % self.pid) as f:
            for line in f:
                words = line.split()
                if len(words) == 3 and words[2] == "kB":
                    values[words[0].rstrip(":")] = int(words[1])
        return values


class Questions:
    """A connection to the daemon's diagnostic socket: no process per question."""

    def __init__(self, daemon):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(30)
        self.socket.connect(daemon.socket)
        self.lines = self.socket.makefile("rb")
        self.lines.readline()
        self.count = 0

    def ask(self, request, **fields):
        self.count += 1
        self.socket.sendall(json.dumps({"id": self.count, "request": request, **fields}).encode() + b"\n")
        while True:
            answer = json.loads(self.lines.readline())
            if answer.get("id") == self.count:
                if "result" not in answer:
                    raise SystemExit("%s: %s" % (request, answer))
                return answer["result"]

    def uplink(self):
        """How far upstream is; before it is known, everything waits."""
        return self.ask("status")["process"].get("uplink", {"backlog": -1, "acknowledged": 0})

    def close(self):
        self.lines.close()
        self.socket.close()


class Broker:
    """Debian's mosquitto on a port of this machine."""

    def __init__(self, shop, port=None):
        self.shop, self.port, self.process = shop, port or free_port(), None

    def start(self):
        settings = self.shop.path("mosquitto-%d.conf" % self.port)
        with open(settings, "w") as f:
            # A broker says how many it takes at once; as many as our window, so that both ends have the same.
            f.write("listener %d 127.0.0.1\nallow_anonymous true\nmax_inflight_messages 100\nlog_type none\n"
                    "set_tcp_nodelay true\n" % self.port)
        self.process = self.shop.start(["/usr/sbin/mosquitto", "-c", settings])
        deadline = time.monotonic() + 10
        while True:
            with socket.socket() as s:
                if s.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            if time.monotonic() > deadline:
                raise SystemExit("mosquitto does not listen")
            time.sleep(0.02)

    def stop(self):
        self.process.kill()
        self.process.wait()


class Twin:
    """The outside, see twin/twin.c."""

    def __init__(self, shop, mode, prefix, port, *words, scheduler=()):
        self.process = shop.start(
            [*scheduler, shop.path("twin"), mode, prefix, str(port), *words], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline() != "ready\n":
            raise SystemExit("the twin did not start")

    def go(self):
        self.say("")

    def say(self, line):
        """An order; see its modes."""
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def lines(self):
        for line in self.process.stdout:
            if line == "done\n":
                break
            yield line.split()
        self.process.wait()


BINARY = os.path.join(ROOT, ".build", "release", "gatehoused")
if os.environ.get("GATEHOUSED"):
    BINARY = os.environ["GATEHOUSED"]
