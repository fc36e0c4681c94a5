# SPDX-License-Identifier: GPL-3.0-only
# Containers as close to real ones as a test can make them: runc, a read-only root folder of the
# program and what it is linked with, and a network of their own, on which each has an address.
#
# enter() puts the calling script into network, mount and PID namespaces of its own: whatever it starts
# ends with it, and its ports and addresses meet nobody else's, however many of it run.

import ctypes
import json
import os
import pathlib
import re
import secrets
import shutil
import subprocess
import sys
import time

SKIPPED = 77
INSIDE = "QUIESCE_TEST_SANDBOX"
NETWORK = "10.77.0"
os.environ["PATH"] = os.environ.get("PATH", "/usr/bin:/bin") + ":/usr/sbin:/sbin"  # ip, haproxy
LONGEST_WAIT = 60


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(SKIPPED)


def enter():
    """Runs this script again inside its own namespaces; skips where that cannot be had."""
    if os.environ.get(INSIDE):
        os.environ.pop(INSIDE)
        # Whoever runs the script may end it at any time: nothing of it is to stay.
        ctypes.CDLL(None).prctl(1, 9)  # PR_SET_PDEATHSIG, SIGKILL
        return
    for tool in ("runc", "ip", "unshare"):
        if not shutil.which(tool):
            skip(f"{tool} is not here")
    if os.geteuid() != 0:
        skip("only root makes containers")
    command = ["unshare", "--net", "--mount", "--ipc", "--pid", "--fork", "--kill-child", "--mount-proc"]
    trial = subprocess.run(command + ["true"], capture_output=True, text=True)
    if trial.returncode != 0:
        skip(f"no namespaces here: {trial.stderr.strip()}")
    environment = os.environ | {INSIDE: "1", "PYTHONUNBUFFERED": "1"}
    os.execvpe("unshare", command + [sys.executable] + sys.argv, environment)


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout


class Network:
    """A bridge, with this script at .1 and each container at an address of its own."""

    def __init__(self):
        self.last = 9
        os.makedirs("/run/netns", exist_ok=True)
        run("mount", "-t", "tmpfs", "none", "/run/netns")
        run("ip", "link", "set", "lo", "up")
        try:
            run("ip", "link", "add", "pods", "type", "bridge")
        except RuntimeError as fault:
            skip(f"no bridge here: {fault}")
        run("ip", "addr", "add", f"{NETWORK}.1/24", "dev", "pods")
        run("ip", "link", "set", "pods", "up")

    def add(self, name):
        """The address of a new network namespace /run/netns/NAME."""
        self.last = self.last + 1 if self.last < 250 else 10
        address, outer = f"{NETWORK}.{self.last}", f"v{self.last}"
        run("ip", "netns", "add", name)
        run("ip", "link", "add", outer, "type", "veth", "peer", "name", "eth0", "netns", name)
        run("ip", "link", "set", outer, "master", "pods", "up")
        run("ip", "-n", name, "addr", "add", f"{address}/24", "dev", "eth0")
        for device in ("lo", "eth0"):
            run("ip", "-n", name, "link", "set", device, "up")
        return address

    def remove(self, name):
        run("ip", "netns", "del", name)


def libraries(program):
    """What the dynamic linker loads for it."""
    lines = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
    return sorted(set(re.findall(r"(/[^\s]+) \(0x", lines)))


def qt_plugins():
    """Those that the program loads: Qt's SQLite driver, and what Qt Network asks for TLS."""
    for tool in ("qtpaths6", "/usr/lib/qt6/bin/qtpaths", "qmake6"):
        if shutil.which(tool):
            flag = "-query" if "qmake" in tool else "--query"
            folder = subprocess.run([tool, flag, "QT_INSTALL_PLUGINS"], capture_output=True, text=True)
            plugins = pathlib.Path(folder.stdout.strip())
            if (plugins / "sqldrivers/libqsqlite.so").exists():
                return [str(plugins / "sqldrivers/libqsqlite.so"), *map(str, plugins.glob("tls/*.so"))]
    raise RuntimeError("Qt's SQLite driver is not here")


def make_root(folder, program, user):
    """What an image has: the program at /usr/bin/quiesced, its libraries where they are here."""
    root = pathlib.Path(folder)
    root.mkdir(parents=True, exist_ok=True)
    root.chmod(0o755)
    files = {program: "/usr/bin/quiesced"}
    for plugin in qt_plugins():
        files |= {library: library for library in [plugin, *libraries(plugin)]}
    files |= {library: library for library in libraries(program)}
    for source, target in files.items():
        place = root / target.lstrip("/")
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(os.path.realpath(source), place)
            place.chmod(0o755)
    for name in ("proc", "dev", "run/quiesced", "run/secrets/quiesced", "tmp", "var/lib/quiesced", "etc/quiesce"):
        (root / name).mkdir(parents=True, exist_ok=True)
    (root / "etc/passwd").write_text(f"root:x:0:0::/:/none\nquiesced:x:{user}:{user}::/var/lib/quiesced:/none\n")
    (root / "etc/group").write_text(f"root:x:0:\nquiesced:x:{user}:\n")
    return root


def read_containerfile(path):
    """The last stage's instructions, those in exec form as lists."""
    text = re.sub(r"\\\n", " ", pathlib.Path(path).read_text())
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    stages = [i for i, line in enumerate(lines) if line.startswith("FROM ")]
    image = {}
    for line in lines[stages[-1]:]:
        name, _, value = line.partition(" ")
        image[name] = value.strip()
    image["ENTRYPOINT"] = json.loads(image["ENTRYPOINT"])
    image["CMD"] = json.loads(image["CMD"])
    image["HEALTHCHECK"] = json.loads(re.search(r"CMD (\[.*\])", image["HEALTHCHECK"]).group(1))
    return image


class Container:
    """One container. Its output is in files, as a runtime keeps it."""

    def __init__(self, folder, name, root, network, *, args, user, env=None, mounts=(), groups=()):
        self.name, self.folder = name, pathlib.Path(folder)
        self.folder.mkdir(parents=True)
        self.network = network
        self.address = network.add(name)
        self.state = self.folder / "runc"
        self.ended_at = None
        self.process = None
        self.log_path = self.folder / "stderr"
        config = {
            "ociVersion": "1.0.2",
            "process": {
                "terminal": False,
                "user": {"uid": user, "gid": user, "additionalGids": list(groups)},
                "args": args,
                "env": ["PATH=/usr/bin"] + [f"{key}={value}" for key, value in (env or {}).items()],
                "cwd": "/var/lib/quiesced",
                "noNewPrivileges": True,
                "capabilities": {kind: [] for kind in ("bounding", "effective", "permitted")},
            },
            "root": {"path": str(root), "readonly": True},
            "hostname": name,
            "mounts": [
                {"destination": "/proc", "type": "proc", "source": "proc"},
                {"destination": "/dev", "type": "tmpfs", "source": "tmpfs",
                 "options": ["nosuid", "strictatime", "mode=755", "size=65536k"]},
                *mounts,
            ],
            "linux": {
                "cgroupsPath": f"/quiesce-test-{secrets.token_hex(6)}",  # others may run beside
                "namespaces": [{"type": kind} for kind in ("pid", "mount", "ipc", "uts")]
                + [{"type": "network", "path": f"/run/netns/{name}"}],
            },
        }
        (self.folder / "config.json").write_text(json.dumps(config))

    def runc(self, *arguments):
        return subprocess.run(["runc", "--root", str(self.state), *arguments], capture_output=True, text=True)

    def start(self):
        """Also again, on the same volumes, once it has ended."""
        self.ended_at = None
        with open(self.folder / "stdout", "wb") as out, open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(
                ["runc", "--root", str(self.state), "run", "--bundle", str(self.folder), self.name],
                stdin=subprocess.DEVNULL, stdout=out, stderr=log,
            )

    def kill(self, signal):
        self.runc("kill", self.name, signal)

    def execute(self, *command):
        return self.runc("exec", self.name, *command)

    def poll(self):
        """The exit code; None while it runs. 128 + n for signal n, as a runtime reports it."""
        code = self.process.poll()
        if code is not None and self.ended_at is None:
            self.ended_at = time.monotonic()
        return code

    def wait(self, seconds=LONGEST_WAIT):
        deadline = time.monotonic() + seconds
        while self.poll() is None and time.monotonic() < deadline:
            time.sleep(0.005)
        return self.poll()

    def wait_ready(self):
        """In its log, too: runc carries each of the two outputs in its own time."""
        deadline = time.monotonic() + LONGEST_WAIT
        out = self.folder / "stdout"
        while not out.read_text().startswith("quiesced ready") or not self.records("ready"):
            if self.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{self.name} did not become ready:\n{self.log_path.read_text()}")
            time.sleep(0.005)

    def log(self):
        records = []
        for line in self.log_path.read_text().splitlines():
            try:
                records.append(json.loads(line))
            except ValueError:
                records.append({"message": line})
        return records

    def records(self, message):
        return [record for record in self.log() if record.get("message") == message]

    def main_pid(self):
        """As it is seen from out here."""
        return json.loads(self.runc("state", self.name).stdout)["pid"]

    def remove(self):
        if self.process and self.poll() is None:
            self.kill("KILL")
            self.wait()
        self.runc("delete", "--force", self.name)
        self.network.remove(self.name)


def try_out(folder, root, network, user):
    """Skips where runc makes no container at all: that is the machine's, whatever is in the container."""
    try:
        container = Container(pathlib.Path(folder) / "trial", "trial", root, network,
                              args=["/usr/bin/quiesced", "--version"], user=user)
    except RuntimeError as fault:
        skip(f"no network for a container here: {fault}")
    container.start()
    code = container.wait()
    log = container.log_path.read_text()
    container.remove()
    if code != 0 and ("runc" in log or "level=error" in log):
        skip(f"runc makes no container here: {log.strip()}")
    if code != 0:
        raise RuntimeError(f"quiesced --version left with {code} in a container:\n{log}")


def bind(source, destination, *, read_only=False):
    options = ["bind", "nosuid", "nodev"] + (["ro"] if read_only else ["rw"])
    return {"destination": destination, "type": "bind", "source": str(source), "options": options}


def file_volume(folder, files, group, mode):
    """A Secret or ConfigMap as the kubelet lays it: files of root's that the fsGroup may read, each
    behind two links."""
    folder = pathlib.Path(folder)
    data = folder / "..2026_11_26_00_00_00.1"
    data.mkdir(parents=True)
    for name, content in files.items():
        (data / name).write_text(content)
        os.chown(data / name, 0, group)
        (data / name).chmod(mode | 0o440)
        (folder / name).symlink_to(f"..data/{name}")
    (folder / "..data").symlink_to(data.name)
    for place in (folder, data):
        os.chown(place, 0, group)
        place.chmod(0o2755)
    return folder


def data_volume(folder, group):
    """An emptyDir with an fsGroup."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True)
    os.chown(folder, 0, group)
    folder.chmod(0o2777)
    return folder
