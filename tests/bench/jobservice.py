# SPDX-License-Identifier: GPL-3.0-only
# quiesced as the jobs' scripts use it: one process on a data folder, and that folder's store at rest.

import http.client
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from pathlib import Path

STORE = "jobs.db"
STATES = ["queued", "scheduled", "running", "succeeded", "failed", "cancelled"]


class Service:
    """One process, ready; gone at the end of its with block. readyMs: from its start to its ready line."""

    def __init__(self, program, data_dir, *options, jobs=None, log=None):
        command = [str(program), "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"]
        command += ["--data-dir", str(data_dir), "--runtime-dir", str(data_dir / "run")]
        command += ["--log-level", "warning", "--log-format", "text", *options]
        environment = os.environ | {
            "QUIESCE_JOBS_" + name.upper(): str(value) for name, value in (jobs or {}).items()
        }
        self._log = open(log, "ab") if log else subprocess.DEVNULL
        began = time.monotonic()
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=self._log, env=environment, process_group=0)
        line = self.process.stdout.readline().decode()
        self.ready_ms = (time.monotonic() - began) * 1000
        if not line.startswith("quiesced ready "):
            self.__exit__()
            raise RuntimeError(f"quiesced did not start: exit code {self.process.returncode}")
        fields = dict(word.split("=", 1) for word in line.split() if "=" in word)
        self.port = int(fields["traffic"].rsplit(":", 1)[1])
        self.admin_port = int(fields["admin"].rsplit(":", 1)[1])
        self.token = (data_dir / "admin-token").read_text().strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        if self._log is not subprocess.DEVNULL:
            self._log.close()

    @property
    def pgid(self):
        return self.process.pid

    def stop(self, which=signal.SIGTERM, longest=60):
        """Its exit code."""
        self.process.send_signal(which)
        return self.process.wait(longest)

    def ask(self, method, path):
        """Of the admin listener."""
        return _ask(self.admin_port, method, path, b"{}" if method == "POST" else None,
                    {"Authorization": f"Bearer {self.token}"})

    def ask_jobs(self, method, path, body=None):
        """Of the traffic listener."""
        return _ask(self.port, method, "/v1/jobs" + path, body)

    def counts(self):
        return self.ask("GET", "/admin/v1/state")["jobs"]

    def await_all_ended(self, longest, period=0.05):
        """The seconds that took."""
        began = time.monotonic()
        while True:
            counts = self.counts()
            if counts["queued"] + counts["scheduled"] + counts["running"] == 0:
                return time.monotonic() - began
            if time.monotonic() - began > longest:
                raise RuntimeError(f"not all jobs have ended: {counts}")
            time.sleep(period)


def _ask(port, method, path, body=None, headers=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=90)
    try:
        connection.request(method, path, body, {"Content-Type": "application/json"} | (headers or {}))
        answer = connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {text!r}")
        return json.loads(text)
    finally:
        connection.close()


class StoreAtRest:
    """What the store's file has while no process has it. A copy is read: SQLite would move the log into the
    file, which is what the next start is to do by itself."""

    def __init__(self, data_dir):
        self._folder = tempfile.TemporaryDirectory(prefix="quiesce-store-", dir=data_dir.parent)
        for end in ("", "-wal"):
            if (data_dir / (STORE + end)).exists():
                shutil.copy(data_dir / (STORE + end), self._folder.name)
        self._database = sqlite3.connect(Path(self._folder.name) / STORE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._database.close()
        self._folder.cleanup()

    def faults(self):
        """What SQLite finds wrong; nothing when it is sound."""
        rows = [row[0] for row in self._database.execute("PRAGMA integrity_check(20)")]
        return [] if rows == ["ok"] else rows

    def jobs(self):
        """(id, state's number, attempt, startedAt, finishedAt, checkpoint, result, requeues, payload) of
        each; times in ms."""
        for key, *columns, checkpoint, result, requeues, payload in self._database.execute(
            "SELECT id, state, attempt, started_at, finished_at, checkpoint, result, requeues, payload"
            " FROM jobs"
        ):
            text = key.hex()
            identity = "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
            yield (identity, *columns, *(json.loads(document) if document else None
                                         for document in (checkpoint, result, requeues, payload)))
