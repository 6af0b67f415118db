"""Fixtures of both worlds: the servers under test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from tests.servers import Certificates, RealServer, available_kinds, require_kind, write_missing_summary

KINDS = ("valkey", "redis")
_CONFIG = ["enable-debug-command yes", "notify-keyspace-events ''"]


class Target(NamedTuple):
    """What a test runs against."""

    kind: str
    protocol: int


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Certificates of the session's own authority."""
    return Certificates.create(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="session")
def shared_servers() -> Iterator[dict[str, RealServer]]:
    """One server of each kind that is here, for tests that leave it as it was."""
    servers = {kind: RealServer.start(kind, config=_CONFIG) for kind in available_kinds()}
    yield servers
    for server in servers.values():
        server.close()


@pytest.fixture(
    params=[Target(kind, protocol) for kind in KINDS for protocol in (2, 3)], ids=lambda t: f"{t[0]}-resp{t[1]}"
)
def target(request: pytest.FixtureRequest) -> Target:
    """Kind of server and protocol."""
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def server(target: Target, shared_servers: dict[str, RealServer]) -> RealServer:
    """A running server, shared with other tests and empty."""
    require_kind(target.kind)
    server = shared_servers[target.kind]
    server.command("FLUSHALL")
    return server


@pytest.fixture
def own_server() -> Iterator[RealServer]:
    """A server of the test's own, to kill, stop and misconfigure."""
    with RealServer.start("valkey", config=_CONFIG) as server:
        yield server


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    write_missing_summary(terminalreporter)
