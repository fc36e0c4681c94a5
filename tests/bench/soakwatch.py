# SPDX-License-Identifier: GPL-3.0-only
# Who watches a service during the soak: event-stream readers, a scraper, and what /proc says of it. It is
# found as an operator finds it, by the file in its runtime directory.

import http.client
import json
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

PERIOD = 0.25  # seconds between two looks
SCRAPE_EVERY = 4  # looks
TIMEOUT = 20.0


@dataclass(frozen=True)
class Vitals:
    resident_kib: int
    descriptors: int


def vitals(pid):
    """None where the process is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        resident = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return Vitals(int(resident.split()[1]), len(list(Path(f"/proc/{pid}/fd").iterdir())))
    except (OSError, StopIteration):
        return None


def peak(samples):
    return Vitals(max(v.resident_kib for v in samples), max(v.descriptors for v in samples))


class Watch:
    """Threads that look at whichever instance has its file in `runtime`."""

    def __init__(self, runtime, readers):
        self.samples = {}  # by pid, in order of time
        self.scrapes = 0
        self.streams_ended = 0  # with the report
        self.events = 0
        self._runtime = runtime
        self._faults = []
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._no_readers = threading.Event()
        self._threads = [threading.Thread(target=self._sample, daemon=True)]
        self._threads += [threading.Thread(target=self._read, daemon=True) for _ in range(readers)]

    def start(self):
        for thread in self._threads:
            thread.start()

    def stop_readers(self):
        """No new ones; those that are there stay until the end of their stream."""
        self._no_readers.set()

    def stop(self):
        self._no_readers.set()
        self._stop.set()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(TIMEOUT)

    def faults(self):
        return sorted(set(self._faults))

    def _instance(self):
        """What the file of the running instance says; None when there is none."""
        for file in self._runtime.glob("*.json"):
            try:
                return json.loads(file.read_text())
            except (OSError, ValueError):  # it is just being removed
                continue
        return None

    def _fault(self, instance, text):
        """An instance that is about to leave owes nothing to who comes anew."""
        current = self._instance()
        if current and current["pid"] == instance["pid"] and not self._is_stopping(instance):
            with self._lock:
                self._faults.append(text)

    def _is_stopping(self, instance):
        try:
            return _get(instance, "/readyz").status != 200
        except (OSError, http.client.HTTPException):
            return True

    def _sample(self):
        look = 0
        while not self._stop.wait(PERIOD):
            instance = self._instance()
            now = vitals(instance["pid"]) if instance else None
            if not now:
                continue
            self.samples.setdefault(instance["pid"], []).append(now)
            look += 1
            if look % SCRAPE_EVERY == 0:
                self._scrape(instance)

    def _scrape(self, instance):
        for path in ("/metrics", "/admin/v1/state"):
            try:
                status = _get(instance, path).status
            except (OSError, http.client.HTTPException) as reason:
                self._fault(instance, f"{path}: {reason}")
                return
            if status != 200:
                self._fault(instance, f"{path}: {status}")
        self.scrapes += 1

    def _read(self):
        while not self._no_readers.is_set():
            instance = self._instance()
            if not instance or self._is_stopping(instance):
                time.sleep(PERIOD)
                continue
            try:
                answer = _get(instance, "/admin/v1/events", keep=True)
            except (OSError, http.client.HTTPException) as reason:
                self._fault(instance, f"events: {reason}")
                continue
            if answer.status == 200:
                self._read_stream(answer)

    def _read_stream(self, answer):
        last = b""
        count = 0
        try:
            while line := answer.readline():
                if line.startswith(b"event: "):
                    last = line.strip()
                    count += 1
        except (OSError, http.client.HTTPException):
            last = b"cut after " + last
        with self._lock:
            self.events += count
            if last == b"event: report":
                self.streams_ended += 1
            elif not self._stop.is_set():
                self._faults.append(f"an event stream ended with {last.decode()!r}, not the report")


def _get(instance, path, keep=False):
    """One GET with the operator's token. An answer that is not kept is read to its end."""
    address = urlsplit(instance["adminUrl"])
    token = Path(instance["tokenFile"]).read_text().strip()
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=TIMEOUT)
    connection.request("GET", path, headers={"Authorization": f"Bearer {token}",
                                             "Connection": "close"})
    answer = connection.getresponse()
    if not keep:
        answer.read()
        connection.close()
    return answer
