# SPDX-License-Identifier: GPL-3.0-only
# A played kubelet: runs a pod's manifest in a real container, asks its probes over HTTP, and ends it
# as Kubernetes does: preStop, TERM, the rest of the grace period, KILL.

import asyncio
import json
import pathlib
import secrets
import time

import sandbox
from settings import seconds


class Scale:
    """A manifest's times, made shorter in proportion. Upper bounds that cost no time stay."""

    def __init__(self, workload, settings, factor, grace=None):
        stop = {key: seconds(settings["stop"][key]) for key in ("lame_duck", "grace", "cancel_grace", "hook_timeout")}
        self.factor = factor
        self.lame_duck = stop["lame_duck"] * factor
        self.stop_grace = stop["grace"] * factor if grace is None else grace
        saved = stop["lame_duck"] - self.lame_duck + stop["grace"] - self.stop_grace
        self.pre_stop = workload.pre_stop * factor
        self.grace = workload.grace - saved - workload.pre_stop + self.pre_stop
        self.min_ready = workload.spec.get("minReadySeconds", 0) * factor
        self.environment = {
            "QUIESCE_STOP_LAME_DUCK": f"{round(self.lame_duck * 1000)}ms",
            "QUIESCE_STOP_GRACE": f"{round(self.stop_grace * 1000)}ms",
            "QUIESCE_STOP_BUDGET": f"{round((self.grace - self.pre_stop) * 1000)}ms",
        }


def mounts_of(workload, folder, group):
    """The pod's volumes, laid as the kubelet does with an fsGroup."""
    mounts = []
    for path, mount in workload.mounts.items():
        volume = workload.volumes.get(mount["name"], {"emptyDir": {}})  # else of a claim
        place = pathlib.Path(folder) / mount["name"]
        if "configMap" in volume:
            sandbox.file_volume(place, workload.config_files(mount["name"]), group, 0o644)
        elif "secret" in volume:
            tokens = {name: secrets.token_hex(32) for name in ("admin-token", "jobs-token")}
            sandbox.file_volume(place, tokens, group, volume["secret"]["defaultMode"])
        else:
            sandbox.data_volume(place, group)
        mounts.append(sandbox.bind(place, path, read_only=mount.get("readOnly", False)))
    return mounts


class Pod:
    """One pod, from its first probe to its end."""

    def __init__(self, name, workload, image, scale, network, root, folder):
        context = workload.pod["securityContext"]
        self.name, self.workload, self.scale = name, workload, scale
        self.folder = pathlib.Path(folder) / name
        self.folder.mkdir()
        self.container = sandbox.Container(
            self.folder / "container", name, root, network,
            args=image["ENTRYPOINT"] + workload.container["args"],
            env=workload.environment | scale.environment,
            user=context["runAsUser"], groups=[context["fsGroup"]],
            mounts=mounts_of(workload, self.folder, context["fsGroup"]))
        self.address = self.container.address
        self.is_ready = self.is_terminating = False
        self.ready_since = None
        self.exit_code = None
        self.was_killed = False
        self.on_change = lambda: None
        self.tasks = []

    async def start(self):
        await asyncio.to_thread(self.container.start)
        self.tasks = [asyncio.create_task(self.watch())]

    async def probe(self, kind):
        """Whether one probe succeeds; the kubelet's Host is the address it asks."""
        spec = self.workload.container[kind]
        port = self.workload.ports[spec["httpGet"]["port"]]

        async def ask():
            reader, writer = await asyncio.open_connection(self.address, port)
            try:
                path = spec["httpGet"]["path"]
                writer.write(f"GET {path} HTTP/1.1\r\nHost: {self.address}:{port}\r\n"
                             "User-Agent: kube-probe/1.32\r\nConnection: close\r\n\r\n".encode())
                line = await reader.readline()
                return 200 <= int(line.split()[1]) < 400
            finally:
                writer.close()

        try:
            return await asyncio.wait_for(ask(), spec["timeoutSeconds"])
        except (OSError, ValueError, IndexError, asyncio.TimeoutError):
            return False

    async def watch(self):
        startup = self.workload.container["startupProbe"]
        for _ in range(startup["failureThreshold"]):
            if await self.probe("startupProbe"):
                break
            await asyncio.sleep(startup["periodSeconds"] * self.scale.factor)
        else:
            raise RuntimeError(f"{self.name} did not start:\n{self.container.log_path.read_text()}")
        await asyncio.gather(self.repeat("readinessProbe", self.set_ready), self.repeat("livenessProbe", self.set_live))

    async def repeat(self, kind, take):
        spec = self.workload.container[kind]
        failures = 0
        while True:
            is_well = await self.probe(kind)
            failures = 0 if is_well else failures + 1
            if is_well or failures >= spec["failureThreshold"]:
                take(is_well)
            await asyncio.sleep(spec["periodSeconds"] * self.scale.factor)

    def set_ready(self, is_ready):
        if is_ready == self.is_ready:
            return
        self.is_ready = is_ready
        self.ready_since = time.monotonic() if is_ready else None
        self.on_change()

    def set_live(self, is_live):
        if is_live or self.exit_code is not None or self.container.poll() is not None:
            return
        self.was_killed = True # a restart, which is an error of every test here
        self.container.kill("KILL")

    def is_available(self):
        return self.is_ready and not self.is_terminating and time.monotonic() - self.ready_since >= self.scale.min_ready

    async def end(self):
        """The grace period runs from here, its preStop hook included."""
        began = time.monotonic()
        self.is_terminating = True
        self.on_change()
        if self.scale.pre_stop:
            await asyncio.sleep(self.scale.pre_stop)
        await asyncio.to_thread(self.container.kill, "TERM")
        while self.container.poll() is None and time.monotonic() - began < self.scale.grace:
            await asyncio.sleep(0.01)
        if self.container.poll() is None:
            self.was_killed = True
            await asyncio.to_thread(self.container.kill, "KILL")
            await asyncio.to_thread(self.container.wait)
        self.exit_code = self.container.poll()
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await asyncio.to_thread(self.container.remove)

    def report(self):
        """Of its stop; None when it wrote none."""
        files = list((self.folder / "data/reports").glob("*.json"))
        return json.loads(files[0].read_text()) if len(files) == 1 else None
