# SPDX-License-Identifier: GPL-3.0-only
# The measures of the bench of engines. Each takes a Bench, an engine and how many instances, and gives one
# sample; its attribute "show" makes a table's cell of several.

import contextlib
import datetime
import json
import signal
import statistics
import subprocess
import time

from jobservice import Service

ENGINES = ["sqlite", "postgresql", "rabbitmq", "kafka"]
LEASE_SECONDS = 3
CLIENTS = 24  # of all instances together


class Bench:
    """The programs, the engines that run, a folder, and how much of everything to do."""

    def __init__(self, arguments, folder):
        self.quick = arguments.quick
        self._arguments = arguments
        self._folder = folder
        self._number = 0
        self._host = None

    def __enter__(self):
        self._host = subprocess.Popen([str(self._arguments.enginehost)], stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(self, *_):
        self._host.stdin.close()
        self._host.wait(60)

    def scaled(self, full, quick):
        return quick if self.quick else full

    def _ask_host(self, engine):
        self._host.stdin.write(engine + "\n")
        self._host.stdin.flush()
        answer = json.loads(self._host.stdout.readline())
        if "fault" in answer:
            raise RuntimeError(answer["fault"])
        return answer

    def _settings(self, engine):
        """Of jobs, for instances that share a new and empty database."""
        if engine == "sqlite":
            return {}
        settings = {"store": "postgresql", "database": self._ask_host("postgresql")["url"]}
        if engine == "postgresql":
            return settings
        broker = self._ask_host(engine)
        settings |= {"dispatch": engine, "broker": broker["url"],
                     "broker_prefix": f"bench{self._number}"}
        if engine == "kafka":  # the mock answers a fetch when its wait is over, a broker at a message
            settings["kafka_fetch_wait"] = "5ms"
        if "password" in broker:
            file = self._folder / "broker-password"
            file.write_text(broker["password"] + "\n")
            file.chmod(0o600)
            settings["broker_password_file"] = str(file)
        return settings

    @contextlib.contextmanager
    def instances(self, engine, count, **jobs):
        """So many, ready; each is told of jobs when they have run one."""
        self._number += 1
        settings = self._settings(engine) | jobs
        with contextlib.ExitStack() as stack:
            all_of_them = []
            for number in range(count):
                folder = self._folder / f"data{self._number}-{number}"
                folder.mkdir()
                all_of_them.append(stack.enter_context(
                    Service(self._arguments.quiesced, folder, jobs=settings)))
            for service in all_of_them:
                _await_broker(service)
            for service in all_of_them:
                hand_in(service, 0, wait=True)
            yield all_of_them

    def load(self, services, count, payload):
        """Hands in so many, by turns of so many clients, and waits for the last; seconds."""
        body = json.dumps({"kind": "sleep", "payload": payload})
        began = time.monotonic()
        loads = [subprocess.Popen(
            [str(self._arguments.rehearse), "--json", "--quiet", "--method", "POST", "--url",
             f"http://127.0.0.1:{service.port}/v1/jobs", "--body-json", body, "--clients",
             str(CLIENTS // len(services)), "--fresh", "0", "--think", "0ms", "--requests",
             str(count // len(services))], stdout=subprocess.PIPE, text=True)
            for service in services]
        created = sum(json.loads(load.communicate(timeout=300)[0])["requests"]["created"]
                      for load in loads)
        if created != count // len(services) * len(services):
            raise RuntimeError(f"only {created} of {count} answered 201")
        services[0].await_all_ended(300)
        return time.monotonic() - began


def _await_broker(service, longest=60):
    began = time.monotonic()
    while (broker := service.ask("GET", "/admin/v1/state")["engine"]["broker"]) and broker["fault"]:
        if time.monotonic() - began > longest:
            raise RuntimeError(broker["fault"])
        time.sleep(0.1)


def hand_in(service, ms, wait=False):
    body = json.dumps({"kind": "sleep", "payload": {"ms": ms, "stepMs": 50}})
    job = service.ask_jobs("POST", "", body)["id"]
    if wait and service.ask_jobs("GET", f"/{job}?wait=60s")["state"] != "succeeded":
        raise RuntimeError("a job of no length did not succeed within a minute")
    return job


def _rate(samples):
    return f"{statistics.median(samples):,.0f}"


def places(bench, engine, instances):
    """Limited by places: what more instances add."""
    count = bench.scaled(480, 240) * instances
    with bench.instances(engine, instances, max_running=8) as services:
        return count / bench.load(services, count, {"ms": 50, "stepMs": 50})


def trivial(bench, engine, instances):
    """Limited by the engine and the processor."""
    count = bench.scaled(3_000, 900)
    with bench.instances(engine, instances, max_running=32) as services:
        return count / bench.load(services, count, {"ms": 0})


def _milliseconds_between(job, first, second):
    at = [datetime.datetime.fromisoformat(job[key].replace("Z", "+00:00")) for key in (first, second)]
    return (at[1] - at[0]) / datetime.timedelta(milliseconds=1)


def start(bench, engine, instances):
    """(p50, p99) of createdAt to startedAt, one job at a time."""
    with bench.instances(engine, instances) as services:
        jobs = []
        for _ in range(bench.scaled(300, 60)):
            jobs.append(hand_in(services[0], 0))
            time.sleep(0.03)
        services[0].await_all_ended(60)
        times = [_milliseconds_between(services[0].ask_jobs("GET", f"/{job}"), "createdAt",
                                       "startedAt") for job in jobs]
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return cuts[49], cuts[98]


def take_over(bench, engine, instances):
    """Seconds from the kill of the instance that runs a job to its next start."""
    with bench.instances(engine, instances, lease=f"{LEASE_SECONDS}s") as services:
        by_id = {service.ask("GET", "/admin/v1/state")["instanceId"]: service for service in services}
        job = hand_in(services[0], 120_000)
        owner = _await_owner(services[0], job, by_id)
        survivor = next(service for service in services if service is not by_id[owner])
        killed = datetime.datetime.now(datetime.timezone.utc)
        by_id[owner].stop(signal.SIGKILL)
        _await_owner(survivor, job, by_id.keys() - {owner})
        started = survivor.ask_jobs("GET", f"/{job}")["startedAt"]
        return (datetime.datetime.fromisoformat(started.replace("Z", "+00:00")) - killed).total_seconds()


def _await_owner(service, job, owners, longest=60):
    began = time.monotonic()
    while (owner := service.ask_jobs("GET", f"/{job}")["owner"]) not in owners:
        if time.monotonic() - began > longest:
            raise RuntimeError("nobody has begun the job")
        time.sleep(0.05)
    return owner


places.show = trivial.show = _rate
start.show = lambda samples: "{:.0f} / {:.0f}".format(
    *(statistics.median(column) for column in zip(*samples)))
take_over.show = lambda samples: f"{statistics.median(samples):.1f} / {max(samples):.1f}"
