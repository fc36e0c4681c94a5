# SPDX-License-Identifier: GPL-3.0-only
# The servers of the bench: how each is built, started, stopped, and when it is ready.

import os
import random
import select
import shutil
import signal
import socket
import ssl
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
START_TIMEOUT = 15.0
STOP_TIMEOUT = 40.0


def free_port():
    """Below the range outgoing connections take their ports from, so that none takes it away."""
    while True:
        port = random.randrange(10240, 32768)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


@dataclass
class Peer:
    """A server program. {port} in its command stands for the port."""

    name: str
    command: list
    stop_signal: int = signal.SIGTERM
    has_work: bool = True  # GET /work?ms=N
    has_readiness: bool = False  # an admin listener, told in its ready line
    token_file: Path | None = None  # of that listener
    over_tls: "Peer | None" = None  # the same server speaking TLS

    @property
    def signal_name(self):
        return signal.Signals(self.stop_signal).name.removeprefix("SIG")

    def token(self):
        return self.token_file.read_text().strip()

    def start(self):
        return Running(self, free_port())


class Running:
    """One process of a peer, in a group of its own; gone at the end of its with block."""

    def __init__(self, peer, port):
        self.peer = peer
        self.port = port
        command = [word.replace("{port}", str(port)) for word in peer.command]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if peer.has_readiness else subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            process_group=0,
        )
        self.pgid = self._process.pid
        self._pidfd = os.pidfd_open(self._process.pid)
        try:
            self._await_ready()
        except BaseException:
            self.__exit__()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            os.killpg(self.pgid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()
        os.close(self._pidfd)

    def _await_ready(self):
        deadline = time.monotonic() + START_TIMEOUT
        pause = 0.001
        while True:
            if self._process.poll() is not None:
                raise RuntimeError(f"{self.peer.name} ended at its start")
            try:
                self.connect().close()
                return
            except ConnectionRefusedError:
                if time.monotonic() > deadline:
                    raise RuntimeError(f"{self.peer.name} does not listen") from None
            time.sleep(pause)
            pause = min(pause * 2, 0.05)

    def connect(self):
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=STOP_TIMEOUT)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def connect_tls(self):
        """TLS 1.3 if the server will; its certificate is of the bench's own making and not looked at."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context.wrap_socket(self.connect())

    def admin_port(self):
        """From the line "quiesced ready traffic=… admin=http://ADDRESS:PORT pid=…"; to be asked once."""
        line = self._process.stdout.readline().decode()
        fields = dict(word.split("=", 1) for word in line.split() if "=" in word)
        return int(fields["admin"].rsplit(":", 1)[1])

    def signal_stop(self):
        """Returns the instant just before."""
        now = time.monotonic()
        self._process.send_signal(self.peer.stop_signal)
        return now

    def await_exit(self, longest=STOP_TIMEOUT):
        """Returns the instant the process was seen to be gone, or None if it is still there."""
        readable, _, _ = select.select([self._pidfd], [], [], longest)
        return time.monotonic() if readable else None


@dataclass
class Found:
    """The peers that can run here, and why the others cannot."""

    peers: list = field(default_factory=list)
    missing: dict = field(default_factory=dict)


@dataclass
class Identity:
    """The certificate and key of those that speak TLS."""

    certificate: Path
    key: Path


def find(quiesced, bare, workdir):
    """Builds or prepares what is installed."""
    found = Found()
    identity = _identity(workdir)
    for name, prepare in {
        "quiesced": lambda: _quiesced(quiesced, workdir, identity),
        "go": lambda: _go(workdir, identity),
        "nginx": lambda: _nginx(workdir, identity),
        "bare": lambda: _bare(bare),
        "node": _node,
    }.items():
        try:
            found.peers.append(prepare())
        except (LookupError, subprocess.CalledProcessError) as reason:
            found.missing[name] = str(reason)
    return found


def _program(name):
    # nginx is in sbin, which is not in everybody's PATH
    path = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin")
    if path is None:
        raise LookupError(f"{name} is not installed")
    return path


def _built(path):
    if not Path(path).is_file():
        raise LookupError(f"{path} is not built")
    return str(Path(path).resolve())


def _identity(workdir):
    """P-256, as servers have it today; None without the openssl command."""
    identity = Identity(workdir / "certificate.pem", workdir / "key.pem")
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += ["-nodes", "-days", "1", "-subj", "/CN=127.0.0.1"]
    command += ["-out", str(identity.certificate), "-keyout", str(identity.key)]
    if shutil.which("openssl") is None:
        return None
    subprocess.run(command, check=True, capture_output=True)
    identity.key.chmod(0o600)
    return identity


def _quiesced(path, workdir, identity):
    def peer(folder, *prefix):
        command = [*prefix, _built(path), "--listen", "127.0.0.1:{port}"]
        command += ["--admin-listen", "127.0.0.1:0", "--log-level", "error"]
        command += ["--data-dir", str(workdir / folder)]
        token_file = workdir / folder / "admin-token"
        return Peer("quiesced", command, has_readiness=True, token_file=token_file)

    plain = peer("quiesced")
    if identity:
        certificate = f"QUIESCE_TLS_TRAFFIC_CERTIFICATE={identity.certificate}"
        key = f"QUIESCE_TLS_TRAFFIC_KEY={identity.key}"
        plain.over_tls = peer("quiesced-tls", "env", certificate, key)
    return plain


def _go(workdir, identity):
    program = workdir / "go-peer"
    environment = os.environ | {"GO111MODULE": "off", "GOFLAGS": ""}
    environment.setdefault("GOCACHE", str(workdir / "gocache"))
    source = HERE / "peers" / "go" / "main.go"
    subprocess.run([_program("go"), "build", "-o", program, source], check=True, env=environment)
    plain = Peer("go", [str(program), "{port}"])
    if identity:
        files = [str(identity.certificate), str(identity.key)]
        plain.over_tls = Peer("go", [*plain.command, *files])
    return plain


def _nginx(workdir, identity):
    plain = _nginx_peer(workdir / "nginx", "", "")
    if identity:
        files = f"ssl_certificate {identity.certificate}; ssl_certificate_key {identity.key};"
        plain.over_tls = _nginx_peer(workdir / "nginx-tls", " ssl", files)
    return plain


def _nginx_peer(prefix, listen_option, files):
    """nginx wants its port in a file, so a shell writes that before it becomes nginx. The pattern is
    spelled so that it is not taken for the placeholder it looks for."""
    prefix.mkdir()
    text = (HERE / "peers" / "nginx" / "nginx.conf.in").read_text()
    template = prefix / "nginx.conf.in"
    template.write_text(text.replace("{ssl}", listen_option).replace("{certificate}", files))
    script = 'sed "s/{p[o]rt}/$1/" "$2" > "$3/nginx.conf" && exec "$4" -p "$3" -c "$3/nginx.conf"'
    script += " -e stderr"
    command = ["sh", "-c", script, "sh", "{port}", str(template), str(prefix), _program("nginx")]
    return Peer("nginx", command, stop_signal=signal.SIGQUIT, has_work=False)


def _bare(path):
    return Peer("bare", [_built(path), "{port}"], has_work=False)


def _node():
    return Peer("node", [_program("node"), str(HERE / "peers" / "node" / "server.js"), "{port}"])
