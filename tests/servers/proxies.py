"""Proxies in front of servers: a real Twemproxy, and the ways of Envoy for a scripted server."""

from __future__ import annotations

import shutil
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

import pytest

from multiplexer.embedded import ServerStartError, free_port
from multiplexer.embedded.server import _guard

from .behaviour import Args, Behaviour
from .real import MARK, RealServer
from .wire import Error, Simple

if TYPE_CHECKING:
    from .scripted import Connection, ScriptedServer

_PROGRAM = "nutcracker"
_STARTS_WITHIN = 5.0
_ENDS_WITHIN = 5.0


class Twemproxy:
    """A real Twemproxy (Debian's ``nutcracker``) that shares keys out among servers.

    Attributes:
        host: ``127.0.0.1``.
        port: Its port.
    """

    def __init__(self, servers: Sequence[RealServer], *, password: str | None = None) -> None:
        """Start it before some servers, all with ``password``, and wait until it answers.

        A test on a machine without the program is left out, counted for the summary.

        Raises:
            ServerStartError: It does not answer.
        """
        program = shutil.which(_PROGRAM) or shutil.which(_PROGRAM, path="/usr/sbin")
        if program is None:
            pytest.skip(f"{MARK}{_PROGRAM} (Twemproxy): not installed")
        self.host = "127.0.0.1"
        self.port = free_port()
        directory = _guard.directory()
        lines = [
            "tests:",
            f"  listen: {self.host}:{self.port}",
            "  hash: md5",
            '  hash_tag: "{}"',
            "  distribution: modula",
            "  redis: true",
            *([f"  redis_auth: {password}"] if password else []),
            "  servers:",
            *(f"   - {server.host}:{server.port}:1" for server in servers),
        ]
        (directory / "proxy.yml").write_text("\n".join(lines) + "\n")
        self._statistics = free_port()
        self._process = _guard.spawn([program, "-c", "proxy.yml", "-s", str(self._statistics)], directory)
        deadline = time.monotonic() + _STARTS_WITHIN
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.close()
                raise ServerStartError((directory / "log").read_text())
            time.sleep(0.01)

    def _answers(self) -> bool:
        try:
            with socket.create_connection((self.host, self.port), timeout=1) as connection:
                connection.sendall(b"*1\r\n$4\r\nPING\r\n")
                return bool(connection.recv(64))
        except OSError:
            return False

    def close(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(_ENDS_WITHIN)
        _guard.ended(self._process)
        for port in (self.port, self._statistics):
            _guard.release_port(port)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


@dataclass(slots=True)
class EnvoyBehaviour(Behaviour):
    """Answers as Envoy would: few commands, RESP2, and errors of its own for servers that are down.

    Attributes:
        down: Keys whose server does not answer.
    """

    down: set[bytes] = field(default_factory=set)

    def answer(self, server: ScriptedServer, connection: Connection, args: Args) -> Any:
        name = args[0].decode(errors="replace").lower()
        if name not in _ENVOY_KNOWS:
            return Error(f"ERR unknown command '{name}', with args beginning with: ")
        if self.password is not None and not connection.authenticated and name != "auth":
            return Error("NOAUTH Authentication required.")
        if name == "ping":
            return Simple("PONG") if len(args) == 1 else Error("invalid request")
        keys = args[1:] if name in ("mget", "del") else args[1:2]
        if name != "auth" and not self.down.isdisjoint(keys):
            return self._without(server, connection, name, keys)
        return Behaviour.answer(self, server, connection, args)

    def _without(self, server: ScriptedServer, connection: Connection, name: str, keys: Args) -> Any:
        if name == "del":
            return Error("finished with 1 error(s)")
        if name != "mget":
            return Error("upstream failure")
        data = self.databases[0]
        return [Error("upstream failure") if key in self.down else data.get(key) for key in keys]


_ENVOY_KNOWS = frozenset(("auth", "ping", "echo", "get", "set", "del", "mget", "mset", "incr", "exists", "expire"))
