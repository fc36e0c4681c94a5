#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-only
# Asks a few routes over and over at a steady low rate, for the bench, and says how long each answer took:
# prober.py PERIOD_MS, the targets in the first line of its input as JSON: {name: [port, path, token]}.
# Says "ready" when each has answered once, begins at the next line, ends with its input and then prints
# {"priority": ..., "tookMs": {name: [...]}}. A time begins when the question was due: one that an earlier
# answer held up waited for that, too, and no slow moment is asked about less often than a quick one.

import json
import os
import select
import socket
import sys
import time


class Probe:
    """One kept-alive connection that is asked one thing."""

    def __init__(self, port, path, token):
        self._connection = socket.create_connection(("127.0.0.1", port), timeout=10)
        self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        credentials = f"Authorization: Bearer {token}\r\n" if token else ""
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{credentials}\r\n"
        self._request = head.encode()

    def ask(self):
        """Returns when the whole answer has been read."""
        self._connection.sendall(self._request)
        answer = self._connection.recv(65536)
        while not _is_whole(answer):
            part = self._connection.recv(65536)
            if not part:
                sys.exit("a probe's connection was closed")
            answer += part
        if not answer.startswith(b"HTTP/1.1 200 "):
            sys.exit(answer.splitlines()[0].decode())


def _is_whole(answer):
    head, end, body = answer.partition(b"\r\n\r\n")
    if not end:
        return False
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return len(body) >= int(value)
    sys.exit("an answer without a length")


def raise_priority():
    """The probe is a few milliseconds of processor time a second. Where it may, it goes before whoever else
    wants the processor, so that what it measures is not its own wait for it."""
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
        return "real-time"
    except OSError:
        return "normal"


def is_told(stream, seconds):
    """Whether a line, or the end, of the stream is there within so many seconds."""
    return bool(select.select([stream], [], [], seconds)[0])


def main():
    period = float(sys.argv[1]) / 1000
    # Unbuffered: what select() says must be all there is.
    control = os.fdopen(0, "rb", buffering=0)
    targets = json.loads(control.readline())
    probes = {name: Probe(*target) for name, target in targets.items()}
    for probe in probes.values():
        probe.ask()
    priority = raise_priority()
    print("ready", flush=True)
    control.readline()
    took = {name: [] for name in probes}
    names = list(probes)
    due = time.monotonic()
    turn = 0
    while not is_told(control, max(due - time.monotonic(), 0)):
        name = names[turn % len(names)]
        probes[name].ask()
        took[name].append((time.monotonic() - due) * 1000)
        turn += 1
        due += period
    print(json.dumps({"priority": priority, "tookMs": took}), flush=True)


main()
