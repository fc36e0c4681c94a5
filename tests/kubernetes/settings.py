# SPDX-License-Identifier: GPL-3.0-only
# What quiesced makes of a pod's manifest: its own --print-config, asked with the pod's arguments,
# environment and ConfigMap.

import os
import pathlib
import re
import subprocess
import tomllib

import kustomization

SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600}
LONGEST_WAIT = 60
BYTES = {"B": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30}


def seconds(text):
    number, unit = re.fullmatch(r"(\d+)(ms|s|m|h)", text).groups()
    return int(number) * SECONDS[unit]


def size(text):
    number, unit = re.fullmatch(r"(\d+)([A-Za-z]+)", text).groups()
    return int(number) * BYTES[unit]


def pre_stop_seconds(container):
    """How long its preStop hook sleeps."""
    hook = container.get("lifecycle", {}).get("preStop")
    if not hook:
        return 0
    if "sleep" in hook:
        return hook["sleep"]["seconds"]
    command = hook["exec"]["command"]
    assert command[0] == "sleep", "a preStop hook whose time nobody can tell"
    return float(command[1])


class Workload:
    """The Deployment or StatefulSet of an overlay, with what belongs to it."""

    def __init__(self, documents):
        self.documents = documents
        (self.object,) = [d for d in documents if d["kind"] in ("Deployment", "StatefulSet")]
        self.spec = self.object["spec"]
        self.template = self.spec["template"]
        self.pod = self.template["spec"]
        (self.container,) = self.pod["containers"]
        self.labels = self.template["metadata"]["labels"]
        self.environment = {entry["name"]: entry["value"] for entry in self.container.get("env", [])}
        self.ports = {port["name"]: port["containerPort"] for port in self.container["ports"]}
        self.mounts = {mount["mountPath"]: mount for mount in self.container["volumeMounts"]}
        self.volumes = {volume["name"]: volume for volume in self.pod["volumes"]}
        self.grace = self.pod["terminationGracePeriodSeconds"]
        self.pre_stop = pre_stop_seconds(self.container)

    def config_files(self, volume):
        (config,) = [d for d in self.documents if d["kind"] == "ConfigMap"
                     and d["metadata"]["name"] == self.volumes[volume]["configMap"]["name"]]
        return config["data"]

    def lay_config(self, folder):
        """Writes each ConfigMap that is mounted; the pod's arguments with the paths where it is."""
        arguments = list(self.container["args"])
        for path, mount in self.mounts.items():
            if "configMap" not in self.volumes.get(mount["name"], {}):
                continue
            for name, content in self.config_files(mount["name"]).items():
                place = pathlib.Path(folder) / name
                place.write_text(content)
                arguments = [a.replace(f"{path}/{name}", str(place)) for a in arguments]
        return arguments

    def process_environment(self):
        own = {key: value for key, value in os.environ.items() if not key.startswith("QUIESCE_")}
        return own | self.environment

    def settings(self, quiesced, folder):
        command = [quiesced, *self.lay_config(folder), "--print-config"]
        done = subprocess.run(command, env=self.process_environment(), capture_output=True, text=True,
                              timeout=LONGEST_WAIT)
        assert done.returncode == 0, done.stderr
        return tomllib.loads(done.stdout)


def workload(folder):
    return Workload(kustomization.build(folder))
