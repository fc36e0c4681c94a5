# SPDX-License-Identifier: GPL-3.0-only
# A real haproxy that follows a list of endpoints, late, as everything in a cluster does that sends
# work to pods. It tries nothing again and checks nobody's health: what is lost shows.

import asyncio
import pathlib
import subprocess
import time

SLOTS = 64
LONGEST_WAIT = 60
CONFIGURATION = """
global
    stats socket {socket} mode 600 level admin
    nbthread 1
defaults
    mode http
    retries 0
    option http-keep-alive
    timeout connect 5s
    timeout client 10m
    timeout server 5m
    timeout http-keep-alive 10m
frontend clients
    bind {address}:{port}
    default_backend pods
backend pods
    balance roundrobin
    server-template pod 1-{slots} 127.0.0.1:1 disabled
"""


class Balancer:
    """Endpoints come and go `lag` seconds after set() said so, in that order."""

    def __init__(self, folder, address, port, lag):
        self.folder, self.lag, self.port = pathlib.Path(folder), lag, port
        self.socket = self.folder / "haproxy.sock"
        self.slots = {}
        self.free = [f"pod{i}" for i in range(1, SLOTS + 1)]
        self.wanted = set()
        self.longest_lag = 0
        self.changes = asyncio.Queue()
        settings = self.folder / "haproxy.cfg"
        settings.write_text(CONFIGURATION.format(socket=self.socket, address=address, port=port, slots=SLOTS))
        self.process = subprocess.Popen(["haproxy", "-f", settings], stdout=open(self.folder / "haproxy.log", "wb"),
                                        stderr=subprocess.STDOUT)
        self.task = asyncio.create_task(self.follow())

    async def tell(self, command):
        for _ in range(200):
            try:
                reader, writer = await asyncio.open_unix_connection(str(self.socket))
                break
            except OSError:
                await asyncio.sleep(0.05)
        else:
            raise RuntimeError("haproxy does not listen")
        writer.write(command.encode() + b"\n")
        answer = (await asyncio.wait_for(reader.read(), LONGEST_WAIT)).decode().strip()
        writer.close()
        if answer and "changed" not in answer and "no need" not in answer:
            raise RuntimeError(f"haproxy: {command}: {answer}")

    def set(self, endpoints):
        """{(address, port), …}"""
        self.wanted = set(endpoints)
        self.changes.put_nowait((time.monotonic(), self.wanted))

    async def follow(self):
        while True:
            since, endpoints = await self.changes.get()
            await asyncio.sleep(max(0, since + self.lag - time.monotonic()))
            for gone in [place for place in self.slots if place not in endpoints]:
                slot = self.slots.pop(gone)
                await self.tell(f"set server pods/{slot} state maint")
                self.free.append(slot)
            for address, port in [place for place in endpoints if place not in self.slots]:
                slot = self.slots[address, port] = self.free.pop(0)
                await self.tell(f"set server pods/{slot} addr {address} port {port}")
                await self.tell(f"set server pods/{slot} state ready")
            self.longest_lag = max(self.longest_lag, time.monotonic() - since)

    def check(self):
        """Raises what follow() ended with."""
        if self.task.done():
            self.task.result()

    async def settled(self):
        deadline = time.monotonic() + self.lag + LONGEST_WAIT
        while set(self.slots) != self.wanted:
            self.check()
            if time.monotonic() > deadline:
                raise RuntimeError("haproxy was not told of all endpoints in time")
            await asyncio.sleep(0.02)

    def close(self):
        self.task.cancel()
        self.process.kill() # nobody is to be served any more
        self.process.wait(LONGEST_WAIT)
