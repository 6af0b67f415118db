"""Fixtures of both worlds: the servers under test."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest

from tests.servers import (
    Certificates,
    RealCluster,
    RealServer,
    SentinelGroup,
    available_kinds,
    require_kind,
    write_missing_summary,
)

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


@pytest.fixture(scope="session")
def shared_groups() -> Iterator[Callable[[str], SentinelGroup]]:
    """Primary, replicas and sentinels of a kind, started when first asked for."""
    groups: dict[str, SentinelGroup] = {}

    def get(kind: str) -> SentinelGroup:
        if kind not in groups:
            # So patient that nobody is taken for dead on a busy machine.
            groups[kind] = SentinelGroup.start(kind, down_after=60.0)  # type: ignore[arg-type]
        return groups[kind]

    yield get
    for group in groups.values():
        group.close()


@pytest.fixture
def group(target: Target, shared_groups: Callable[[str], SentinelGroup]) -> SentinelGroup:
    """A primary with two replicas and three sentinels, shared with other tests: to be left as it was, and empty."""
    require_kind(target.kind)
    group = shared_groups(target.kind)
    group.primary.command("FLUSHALL")
    return group


@pytest.fixture(params=KINDS)
def own_group(request: pytest.FixtureRequest) -> Iterator[SentinelGroup]:
    """The same of the test's own, to kill, pause and fail over."""
    require_kind(request.param)
    with SentinelGroup.start(request.param) as group:
        yield group


@pytest.fixture(scope="session")
def shared_clusters() -> Iterator[Callable[[str], RealCluster]]:
    """Clusters by kind, started when first asked for."""
    clusters: dict[str, RealCluster] = {}

    def get(kind: str) -> RealCluster:
        if kind not in clusters:
            # So patient that nobody is taken for dead on a busy machine.
            clusters[kind] = RealCluster(kind, node_timeout=30_000)  # type: ignore[arg-type]
        return clusters[kind]

    yield get
    for cluster in clusters.values():
        cluster.close()


@pytest.fixture
def cluster(target: Target, shared_clusters: Callable[[str], RealCluster]) -> RealCluster:
    """Three primaries with a replica each, shared with other tests: to be left as it was, and empty."""
    require_kind(target.kind)
    cluster = shared_clusters(target.kind)
    for node in cluster.nodes[:3]:
        node.command("FLUSHALL")
    return cluster


@pytest.fixture(params=KINDS)
def own_cluster(request: pytest.FixtureRequest) -> Iterator[RealCluster]:
    """The same of the test's own, to kill, pause, move and fail over."""
    require_kind(request.param)
    with RealCluster(request.param) as cluster:
        yield cluster


def pytest_configure() -> None:
    # A shell has its background processes ignore Ctrl-C, and so would every program that tests interrupt.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    write_missing_summary(terminalreporter)
