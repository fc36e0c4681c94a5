# SPDX-License-Identifier: GPL-3.0-only
# The measures of the bench of jobs. Each takes a Bench and returns its figures, each a number in the unit
# its name ends with.

import asyncio
import contextlib
import http.client
import json
import random
import shutil
import signal
import socket
import sqlite3
import statistics
import subprocess
import time
import uuid
from pathlib import Path

import procfs
from jobservice import STATES, STORE, Service, StoreAtRest
from peers import free_port

TRIVIAL = '{"kind":"sleep","payload":{"ms":0}}'
CLIENTS = 64
PLACES = 64  # and so many BullMQ runs at a time
KEEP_ALL = {"keep_ended": -1, "keep_for": "0s"}


class Bench:
    """What all measures share: the programs, a folder, and how much of everything to do."""

    def __init__(self, arguments, folder):
        self.quick = arguments.quick
        self.bullmq = arguments.bullmq
        self.other = arguments.other
        self._arguments = arguments
        self._folder = folder
        self._number = 0

    def scaled(self, full, quick):
        return quick if self.quick else full

    def new_folder(self):
        self._number += 1
        folder = self._folder / f"data{self._number}"
        folder.mkdir()
        return folder

    def service(self, data_dir, program=None, **jobs):
        return Service(program or self._arguments.quiesced, data_dir, jobs=KEEP_ALL | jobs)

    def submit(self, service, count, clients=CLIENTS, think="0ms"):
        """So many trivial jobs, in microseconds."""
        command = [str(self._arguments.rehearse), "--json", "--quiet", "--method", "POST"]
        command += ["--url", f"http://127.0.0.1:{service.port}/v1/jobs", "--body-json", TRIVIAL]
        command += ["--clients", str(clients), "--fresh", "0", "--think", think]
        command += ["--requests", str(count)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        report = json.loads(done.stdout)
        if report["requests"]["created"] != count:
            raise RuntimeError(f"only {report['requests']['created']} of {count} answered 201")
        return report["tookUs"]


@contextlib.contextmanager
def _held_service(bench, data_dir, program=None):
    """One whose only place is taken, so that jobs are kept and not run; killed at its end, with which the job
    in that place has failed."""
    with bench.service(data_dir, program, max_running=1) as service:
        connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=30)
        connection.request("POST", "/v1/jobs", json.dumps(
            {"kind": "sleep", "payload": {"ms": 86_400_000, "stepMs": 3_600_000}, "maxAttempts": 1}),
            {"Content-Type": "application/json"})
        if connection.getresponse().status != 201:
            raise RuntimeError("the job that holds the others was not taken")
        connection.close()
        yield service
        service.stop(signal.SIGKILL)


@contextlib.contextmanager
def _redis(folder):
    """Its port. It answers a write when that is on the disk, which is what 201 says too."""
    port = free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)]
    command += ["--appendonly", "yes", "--appendfsync", "always", "--save", ""]
    server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        for _ in range(400):
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port)).close()
                break
            time.sleep(0.02)
        yield port
    finally:
        server.terminate()
        server.wait()


def _bullmq(bench, what, count, concurrency):
    """So many a second, on an empty Redis."""
    folder = bench.new_folder()
    # Modules are looked for beside the script.
    script = Path(bench.bullmq) / "bench.js"
    source = Path(__file__).parent / "peers/bullmq/bench.js"
    if script.resolve() != source:
        shutil.copy(source, script)
    with _redis(folder) as port:
        done = subprocess.run(["node", str(script), str(port), what, str(count), str(concurrency)],
                              capture_output=True, text=True, check=True, timeout=600)
    return count / json.loads(done.stdout)["tookMs"] * 1000


def _has_peer(bench):
    return bench.bullmq and shutil.which("node") and shutil.which("redis-server")


def _beside_peer(bench, ours, theirs):
    """In turns; the ratio is the median of each turn's, which noise spoils less."""
    rates, peer_rates = [], []
    for _ in range(bench.scaled(7, 3)):
        rates.append(ours())
        if _has_peer(bench):
            peer_rates.append(theirs())
    figures = {"perSecond": statistics.median(rates), "samplesPerSecond": rates}
    if peer_rates:
        figures |= {"peerPerSecond": statistics.median(peer_rates),
                    "peerSamplesPerSecond": peer_rates,
                    "ratioToPeer": statistics.median(a / b for a, b in zip(rates, peer_rates))}
    return figures


def submissions(bench):
    """POST /v1/jobs by 64 kept-alive clients against queue.add() by 64 callers; nothing runs meanwhile."""
    count = bench.scaled(20_000, 4_000)

    def ours():
        with _held_service(bench, bench.new_folder()) as service:
            bench.submit(service, 2 * CLIENTS)  # warm, as the peer is
            return count / bench.submit(service, count) * 1e6

    return _beside_peer(bench, ours, lambda: _bullmq(bench, "add", count, CLIENTS))


def runs(bench):
    """Jobs submitted before, from the start of the first to the end of the last."""
    count = bench.scaled(20_000, 4_000)

    def ours():
        data_dir = bench.new_folder()
        with _held_service(bench, data_dir) as service:
            bench.submit(service, count)
        return count / _run_all(bench, data_dir)[0]

    return _beside_peer(bench, ours, lambda: _bullmq(bench, "run", count, PLACES))


def _run_all(bench, data_dir, program=None):
    """Runs what is queued; (seconds from the first start to the last end, processor seconds)."""
    began = time.time() * 1000 - 1
    with bench.service(data_dir, program, max_running=PLACES) as service:
        before = procfs.cpu_seconds(service.pgid)
        service.await_all_ended(600, period=0.1)
        used = procfs.cpu_seconds(service.pgid) - before
        service.stop()
    with StoreAtRest(data_dir) as store:
        times = [(started, finished) for _, state, _, started, finished, *_ in store.jobs()
                 if STATES[state] == "succeeded" and started > began]
    return (max(times)[1] - min(times)[0]) / 1000, used


def cost(bench):
    """Processor time against another build's, in turns; the ratio is the median of each turn's."""
    if not bench.other:
        raise RuntimeError("--other names no build to compare with")
    count = bench.scaled(6_000, 2_000)
    ratios = {"submit": [], "run": []}
    for turn in range(bench.scaled(15, 5)):
        used = {}
        for program in (None, bench.other) if turn % 2 == 0 else (bench.other, None):
            data_dir = bench.new_folder()
            with _held_service(bench, data_dir, program) as service:
                bench.submit(service, 2 * CLIENTS)
                before = procfs.cpu_seconds(service.pgid)
                bench.submit(service, count)
                submitted = procfs.cpu_seconds(service.pgid) - before
            used[program] = {"submit": submitted, "run": _run_all(bench, data_dir, program)[1]}
        for what, samples in ratios.items():
            samples.append(used[None][what] / used[bench.other][what])
    return {"submitRatio": statistics.median(ratios["submit"]),
            "runRatio": statistics.median(ratios["run"]), "ratios": ratios}


def _fill(data_dir, rows):
    """Adds rows (state, ageMs, columns) to the store of a service that has left."""
    now = int(time.time() * 1000)

    def complete():
        for number, (state, age_ms, run_at) in enumerate(rows):
            created = now - age_ms
            key = created.to_bytes(6, "big") + b"\x70\x00\x80" + number.to_bytes(7, "big")
            name = STATES[state]
            started = created if name in ("running", "succeeded") else None
            finished = created + 1 if name == "succeeded" else None
            owner = str(uuid.UUID(int=1)) if name == "running" else None
            yield (key, "sleep", state, 1 if started else 0, 3, created,
                   run_at if run_at else created, started, finished, owner,
                   now + 30_000 if owner else None, b'{"ms":0}')

    database = sqlite3.connect(data_dir / STORE)
    with database:
        database.executemany(
            "INSERT INTO jobs (id, kind, state, attempt, max_attempts, created_at, run_at, started_at,"
            " finished_at, owner, leased_until, payload) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            complete())
    database.close()


def _new_store(bench):
    data_dir = bench.new_folder()
    with bench.service(data_dir) as service:
        service.stop()
    return data_dir


def with_many_stored(bench):
    """Processor time, of the service, of a submission and of a run, with nine in ten stored jobs long ended
    and the rest to be run years from now."""
    count = bench.scaled(10_000, 3_000)
    year_2100 = 4_102_444_800_000
    ended, scheduled = STATES.index("succeeded"), STATES.index("scheduled")
    costs = {}
    for stored in (1_000, 1_000_000):
        data_dir = _new_store(bench)
        _fill(data_dir, ((scheduled if n % 10 == 0 else ended, 86_400_000 - n // 20,
                          year_2100 if n % 10 == 0 else None) for n in range(stored)))
        with _held_service(bench, data_dir) as service:
            bench.submit(service, 2 * CLIENTS)
            samples = []
            for _ in range(bench.scaled(5, 3)):
                before = procfs.cpu_seconds(service.pgid)
                bench.submit(service, count)
                samples.append((procfs.cpu_seconds(service.pgid) - before) / count * 1e6)
        costs[stored] = (statistics.median(samples), samples,
                         _claim_cost(bench, data_dir, len(samples) * count))
    few, many = costs[1_000], costs[1_000_000]
    return {"submitRatio": many[0] / few[0], "runRatio": many[2] / few[2],
            "submitUs": few[0], "submitAtMillionUs": many[0], "runUs": few[2],
            "runAtMillionUs": many[2], "submitSamplesUs": few[1], "submitAtMillionSamplesUs": many[1]}


def _claim_cost(bench, data_dir, count):
    """Microseconds of processor time a job that is claimed, run and ended."""
    with bench.service(data_dir, max_running=PLACES) as service:
        before = procfs.cpu_seconds(service.pgid)
        deadline = time.monotonic() + 600
        while (counts := service.counts())["queued"] + counts["running"] > 0:
            if time.monotonic() > deadline:
                raise RuntimeError(f"not all jobs have ended: {counts}")
            time.sleep(0.1)
        used = procfs.cpu_seconds(service.pgid) - before
        service.stop()
    return used / count * 1e6


def start(bench):
    """From the start of the process to its ready line, the store as a killed process leaves it."""
    template = _new_store(bench)
    queued, running = STATES.index("queued"), STATES.index("running")
    _fill(template, ((running if n < 1_000 else queued, 600_000 - n // 200, None)
                     for n in range(101_000)))
    times = []
    for _ in range(bench.scaled(11, 3)):
        data_dir = bench.new_folder()
        shutil.copytree(template, data_dir, dirs_exist_ok=True)
        with bench.service(data_dir) as service:
            times.append(service.ready_ms)
            service.stop(signal.SIGKILL)
        shutil.rmtree(data_dir)
    return {"medianMs": statistics.median(times), "maxMs": max(times), "samplesMs": times}


def latency(bench):
    """GET /hello by 16 clients that each ask about 25 times a second, without jobs and, in turns, while 16
    others submit trivial jobs, some hundreds a second, and eight are run at a time."""
    seconds = bench.scaled(8, 3)
    times = {"quiet": [], "busy": []}
    rounds = []
    with bench.service(bench.new_folder()) as service:
        for _ in range(bench.scaled(7, 3)):
            quiet = asyncio.run(_ask_hello(service.port, seconds))
            busy_task = lambda: bench.submit(service, seconds * 400, clients=16, think="60ms")
            busy = asyncio.run(_ask_hello(service.port, seconds, busy_task))
            times["quiet"] += quiet
            times["busy"] += busy
            rounds.append(_p99(busy) / _p99(quiet))
            service.await_all_ended(60)
    return {"quietP99Ms": _p99(times["quiet"]), "busyP99Ms": _p99(times["busy"]),
            "quietMedianMs": statistics.median(times["quiet"]),
            "busyMedianMs": statistics.median(times["busy"]),
            "ratio": statistics.median(rounds), "ratios": rounds}


def _p99(times):
    return statistics.quantiles(times, n=100, method="inclusive")[98]


async def _ask_hello(port, seconds, meanwhile=None):
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    took = []

    async def client():
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while loop.time() < end:
            began = time.perf_counter()
            writer.write(b"GET /hello HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            await reader.readuntil(b"Hello, World!")
            took.append((time.perf_counter() - began) * 1000)
            await asyncio.sleep(random.uniform(0, 0.08))
        writer.close()

    work = [client() for _ in range(16)]
    if meanwhile:
        work.append(asyncio.to_thread(meanwhile))
    await asyncio.gather(*work)
    return took
