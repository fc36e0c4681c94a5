# SPDX-License-Identifier: GPL-3.0-only
# The measures of the bench. Each takes a peer and returns its figures, each a number in the unit its
# name ends with, or None if the peer cannot do what is measured.

import contextlib
import http.client
import json
import re
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

import procfs
from peers import Running

SUBSCRIBERS = 200
PROBE_PERIOD_MS = 5
LONGEST_HELD = 12.0  # seconds; a little more than the longest that is allowed
GET_HELLO = b"GET /hello HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


class Bench:
    """What all measures share: the tool, and how much of everything to do."""

    def __init__(self, rehearse, stops, quick):
        self.rehearse_program = rehearse
        self.stops = stops
        self.quick = quick

    def scaled(self, full, quick):
        return quick if self.quick else full

    def rehearse(self, peer, path, *options, stops=None):
        """Stops a peer under the load of quiesce-rehearse and returns its JSON report."""
        command = [self.rehearse_program, "--json", "--quiet", "--url"]
        command += ["http://127.0.0.1:{port}" + path, "--ready-path", "/hello"]
        command += ["--signal", peer.signal_name, "--stops", str(stops or self.stops)]
        return _json_of([*command, *map(str, options), "--", *peer.command])

    def load(self, running, clients, requests):
        """Makes so many GET /hello and returns the JSON report."""
        url = f"http://127.0.0.1:{running.port}/hello"
        command = [self.rehearse_program, "--json", "--url", url, "--clients", str(clients)]
        command += ["--fresh", "0", "--think", "0ms", "--requests", str(requests)]
        report = _json_of(command)
        if report["requests"]["answered"] != requests:
            raise RuntimeError(f"only {report['requests']['answered']} of {requests} answered")
        return report


def _load_over_tls(running, clients, requests):
    """As Bench.load(), whose tool does not speak TLS: by h2load, held to HTTP/1.1."""
    url = f"https://127.0.0.1:{running.port}/hello"
    command = ["h2load", "--h1", "-n", str(requests), "-c", str(clients), url]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    if f" {requests} succeeded" not in done.stdout:
        raise RuntimeError(f"not all of {requests} answered over TLS")
    rate = re.search(r"([0-9.]+) req/s", done.stdout)
    return {"tookUs": requests / float(rate[1]) * 1e6}


def _json_of(command):
    # Exit status 1 only says that something was lost: that is what is measured.
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stderr.strip())
    return json.loads(done.stdout)


def lost_on_kept_alive(bench, peer, think):
    """128 busy kept-alive clients, POST, never retried."""
    options = ["--clients", 128, "--fresh", 0, "--think", think, "--method", "POST"]
    return _losses(bench.rehearse(peer, "/echo", *options))


def lost_on_fresh(bench, peer):
    """32 clients with a fresh connection for each request."""
    return _losses(bench.rehearse(peer, "/hello", "--clients", 0, "--fresh", 32))


def _losses(report):
    requests = report["requests"]
    lost = requests["lostReused"] + requests["lostFresh"]
    lost += requests["truncated"] + requests["malformed"]
    figures = {"lost": lost, "stops": report["stops"], "sent": requests["sent"]}
    figures["perStop"] = lost / report["stops"]
    figures["serverErrors"] = requests["serverErrors"]
    if report["signalToExitUs"]:
        figures["signalToExitMedianMs"] = report["signalToExitUs"]["median"] / 1000
    return figures


def last_answer_to_exit(bench, peer):
    """8 requests in flight, nobody else."""
    if not peer.has_work:
        return None
    options = ["--clients", 0, "--fresh", 0, "--in-flight", 8, "--slow-path", "/work?ms=300"]
    report = bench.rehearse(peer, "/hello", *options, "--settle", "0ms..100ms")
    times = report["lastAnswerToExitUs"]
    figures = {"medianMs": times["median"] / 1000, "maxMs": times["max"] / 1000}
    return figures | {"lost": _losses(report)["lost"]}


def readiness(bench, peer):
    """Signal to the first answer of /readyz that is 503, with one request in flight."""
    if not peer.has_readiness:
        return None
    return _times([_one_readiness(peer) for _ in range(bench.scaled(20, 5))])


def _one_readiness(peer):
    with peer.start() as running, running.connect() as busy:
        admin = http.client.HTTPConnection("127.0.0.1", running.admin_port(), timeout=10)
        while _status(admin) != 200:
            time.sleep(0.001)
        busy.sendall(b"GET /work?ms=1000 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        time.sleep(0.05)  # until it is in its handler
        signalled = running.signal_stop()
        while _status(admin) != 503:
            pass
        return time.monotonic() - signalled


def _status(connection):
    connection.request("GET", "/readyz")
    answer = connection.getresponse()
    answer.read()
    return answer.status


def held_by_stranger(bench, peer, bytes_sent):
    """Signal to exit with one connection that has sent no request, or only a part of one."""
    times = []
    for _ in range(bench.scaled(5, 2)):
        with peer.start() as running, running.connect() as stranger:
            stranger.sendall(bytes_sent)
            time.sleep(0.3)
            signalled = running.signal_stop()
            gone = running.await_exit(LONGEST_HELD)
            if gone is None:
                return _times([LONGEST_HELD]) | {"isMoreThan": True}
            times.append(gone - signalled)
    return _times(times)


def cpu_per_request(bench, peers):
    """64 kept-alive clients, GET /hello without a pause. Takes all peers, since they take turns in each
    round, and returns {peer: figures}."""
    return _cpu_in_turns(bench, peers, bench.load)


def cpu_per_tls_request(bench, peers):
    """The same over TLS, of those that can; nothing without h2load."""
    if shutil.which("h2load") is None:
        return {}
    speakers = [peer.over_tls for peer in peers if peer.over_tls]
    return _cpu_in_turns(bench, speakers, _load_over_tls)


def _cpu_in_turns(bench, peers, load):
    """Many short rounds: what disturbs one disturbs all peers in it, and the median passes it over."""
    requests = bench.scaled(40_000, 20_000)
    samples = {peer.name: [] for peer in peers}
    rates = {peer.name: [] for peer in peers}
    with contextlib.ExitStack() as stack:
        started = [stack.enter_context(peer.start()) for peer in peers]
        for running in started:
            load(running, 64, requests)  # warm
        for _ in range(bench.scaled(25, 7)):
            for running in started:
                before = procfs.cpu_seconds(running.pgid)
                report = load(running, 64, requests)
                used = procfs.cpu_seconds(running.pgid) - before
                samples[running.peer.name].append(used / requests * 1e6)
                rates[running.peer.name].append(requests / report["tookUs"] * 1e6)
    return {name: _cpu_figures(name, samples, rates) for name in samples}


def _cpu_figures(name, samples, rates):
    figures = {"medianUs": statistics.median(samples[name]), "samplesUs": samples[name]}
    figures["requestsPerSecond"] = statistics.median(rates[name])
    for other in ("go", "bare"):  # round by round: what disturbs a round disturbs both
        if other in samples:
            ratios = [a / b for a, b in zip(samples[name], samples[other])]
            figures[f"ratioTo{other.capitalize()}"] = statistics.median(ratios)
    return figures


def answers_under_load(bench, peers):
    """How long health and state take to answer while 64 kept-alive clients ask for /hello without a pause;
    of the other peers, which have neither, one more /hello. Peers take turns, as with the processor time.
    waitedPercent says how long the server itself had no processor: on a busy machine that is in the times,
    and no server can help it."""
    requests = bench.scaled(150_000, 40_000)
    took = {peer.name: {} for peer in peers}
    rounds = {peer.name: [] for peer in peers}
    with contextlib.ExitStack() as stack:
        started = [(stack.enter_context(peer.start()), {}) for peer in peers]
        for running, targets in started:
            targets |= _probe_targets(running)
            bench.load(running, 64, requests // 4)  # warm
        for _ in range(bench.scaled(10, 3)):
            for running, targets in started:
                before, since = procfs.waited_seconds(running.pgid), time.monotonic()
                report = _probe(targets, lambda load=running: bench.load(load, 64, requests))
                share = (procfs.waited_seconds(running.pgid) - before) / (time.monotonic() - since)
                figures = _latency_figures(report["tookMs"])
                rounds[running.peer.name].append({"waitedPercent": share * 100} | figures)
                for target, times in report["tookMs"].items():
                    took[running.peer.name].setdefault(target, []).extend(times)
    figures = {name: _latency_figures(targets) for name, targets in took.items()}
    for name, seen in rounds.items():
        shares = [one["waitedPercent"] for one in seen]
        figures[name] |= {"waitedPercent": statistics.median(shares), "rounds": seen}
        figures[name]["prober"] = report["priority"]
    return figures


def _probe_targets(running):
    """{name: (port, path, token)}"""
    if not running.peer.has_readiness:
        return {"/hello": (running.port, "/hello", None)}
    admin, token = running.admin_port(), running.peer.token()
    return {
        "traffic /livez": (running.port, "/livez", None),
        "traffic /readyz": (running.port, "/readyz", None),
        "admin /livez": (admin, "/livez", None),
        "admin /readyz": (admin, "/readyz", None),
        "admin /admin/v1/state": (admin, "/admin/v1/state", token),
        "traffic /hello": (running.port, "/hello", None),
    }


def _probe(targets, meanwhile):
    """Asks the targets in turns from a process of its own for as long as the call takes; its report."""
    command = [sys.executable, str(Path(__file__).parent / "prober.py"), str(PROBE_PERIOD_MS)]
    prober = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        prober.stdin.write(json.dumps(targets) + "\n")
        prober.stdin.flush()
        if prober.stdout.readline() != "ready\n":
            raise RuntimeError("the prober was not answered")
        prober.stdin.write("go\n")
        prober.stdin.flush()
        meanwhile()
        prober.stdin.close()
        return json.loads(prober.stdout.readline())
    finally:
        prober.kill()
        prober.wait()


def _latency_figures(took):
    """Of each target, and at the top those of the slowest of health and state at the 99th percentile; of a
    peer without them those of its /hello."""
    targets = {name: _percentiles(times) for name, times in took.items()}
    judged = [figures for name, figures in targets.items() if "hello" not in name]
    slowest = max(judged or targets.values(), key=lambda figures: figures["p99Ms"])
    return slowest | {"targets": targets}


def _percentiles(times):
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return {"medianMs": cuts[49], "p99Ms": cuts[98], "maxMs": max(times), "count": len(times)}


def rate_with_subscribers(bench, peer):
    """What 200 readers of the event stream cost the traffic side. streamCpuPercent is what the stream takes
    of the one core that a service has, and with it the most it can take from requests: processor time, which
    noise hardly spoils. lossPercent is the rate of GET /hello with 64 kept-alive clients against that without
    readers, in turns, pair by pair, and cpuLossPercent the same of processor time: on a busy machine single
    pairs differ by tens of percent, and the readers take their own share of its cores."""
    if not peer.has_readiness:
        return None
    requests = 40_000
    rates = {"without": [], "with": []}
    costs = {"without": [], "with": []}
    with peer.start() as running:
        admin = running.admin_port()
        bench.load(running, 64, requests // 4)  # warm
        for turn in range(bench.scaled(41, 11)):
            # in turns which comes first, so that a drift does not speak for either
            for kind in ("without", "with") if turn % 2 else ("with", "without"):
                readers = SUBSCRIBERS if kind == "with" else 0
                with _event_readers(admin, running.peer.token(), readers):
                    before = procfs.cpu_seconds(running.pgid)
                    report = bench.load(running, 64, requests)
                    costs[kind].append(procfs.cpu_seconds(running.pgid) - before)
                rates[kind].append(requests / report["tookUs"] * 1e6)
        with _event_readers(admin, running.peer.token(), SUBSCRIBERS):
            before = procfs.cpu_seconds(running.pgid)
            time.sleep(bench.scaled(10, 3))
            used = procfs.cpu_seconds(running.pgid) - before
    losses = [1 - a / b for a, b in zip(rates["with"], rates["without"])]
    figures = {"lossPercent": statistics.median(losses) * 100}
    cpu_losses = [1 - a / b for a, b in zip(costs["without"], costs["with"])]
    figures["cpuLossPercent"] = statistics.median(cpu_losses) * 100
    figures["streamCpuPercent"] = used / bench.scaled(10, 3) * 100
    figures["lossesPercent"] = [loss * 100 for loss in losses]
    for kind, samples in rates.items():
        figures[kind + "PerSecond"] = statistics.median(samples)
    return figures


@contextlib.contextmanager
def _event_readers(port, token, count):
    """A process of its own that subscribes so often and reads until the end of the with block."""
    if count == 0:
        yield
        return
    command = [sys.executable, str(Path(__file__).parent / "eventreaders.py"), str(port), str(count)]
    readers = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        readers.stdin.write(token + "\n")
        readers.stdin.flush()
        if readers.stdout.readline() != "subscribed\n":
            raise RuntimeError("not every reader was let in")
        yield
        readers.stdin.close()  # it tells how many are still there
        if readers.stdout.readline() != f"{count} reading\n":
            raise RuntimeError("a reader was cut")
    finally:
        readers.kill()
        readers.wait()


def memory_per_connection(bench, peer):
    """Growth of the proportional set size over idle connections that each had one answer."""
    return _memory_figures(bench, peer, Running.connect)


def memory_per_tls_connection(bench, peer):
    """The same over TLS."""
    return _memory_figures(bench, peer.over_tls, Running.connect_tls) if peer.over_tls else None


def _memory_figures(bench, peer, connect):
    count = bench.scaled(5_000, 2_000)
    with peer.start() as running:
        _close(_answered_connections(running, connect, 1))
        before = procfs.pss_bytes(running.pgid)
        connections = _answered_connections(running, connect, count)
        at_once = procfs.pss_bytes(running.pgid)
        time.sleep(bench.scaled(10, 2))
        idle = procfs.pss_bytes(running.pgid)
        _close(connections)
    figures = {"atOnceKb": (at_once - before) / count / 1000}
    return figures | {"idleKb": (idle - before) / count / 1000}


def idle_connections(bench, peer):
    """Signal to exit with 5,000 connections that had one answer each and then nothing for 3 s."""
    options = ["--clients", 0, "--fresh", 0, "--idle", 5_000, "--settle", "3s..3s"]
    report = bench.rehearse(peer, "/hello", *options, stops=bench.scaled(10, 3))
    times = report["signalToExitUs"]
    return {"medianMs": times["median"] / 1000, "maxMs": times["max"] / 1000}


def _answered_connections(running, connect, count):
    connections = []
    for _ in range(count):
        connection = connect(running)
        connection.sendall(GET_HELLO)
        received = b""
        while b"Hello, World!" not in received:
            part = connection.recv(4096)
            if not part:
                raise RuntimeError(f"{running.peer.name} closed a connection")
            received += part
        connections.append(connection)
    return connections


def _close(connections):
    for connection in connections:
        connection.close()


def _times(seconds):
    return {"medianMs": statistics.median(seconds) * 1000, "maxMs": max(seconds) * 1000}
