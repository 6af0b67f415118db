"""Fixtures of both worlds: the servers under test."""

from __future__ import annotations

import gc
import logging
import random
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import settings
from hypothesis.database import DirectoryBasedExampleDatabase, ReadOnlyDatabase

from multiplexer.drivers.eventloop import helpers
from multiplexer.embedded import ServerProcess
from multiplexer.importing import importing
from tests.chance import SEED
from tests.servers import (
    KINDS,
    Certificates,
    Kind,
    RealCluster,
    RealServer,
    SentinelGroup,
    Shared,
    available_kinds,
    require_kind,
    write_missing_summary,
)
from tests.servers.redis8 import Redis8
from tests.servers.stack import RedisStack

# Tests that count threads would wait for the helpers of the test before, for as long as these linger.
helpers.LINGER = 0.05

_CONFIG = ["enable-debug-command yes", "notify-keyspace-events ''"]


@pytest.fixture(autouse=True)
def _process_locks() -> Iterator[None]:
    """A test that leaves a lock of the whole process taken fails itself, and not those that come after it."""
    yield
    handlers = [handler for reference in logging._handlerList if (handler := reference()) is not None]
    locks: list[Any] = [importing, logging._lock, *(handler.lock for handler in handlers if handler.lock is not None)]
    left = [lock for lock in locks if lock._is_owned()]
    for lock in left:
        while lock._is_owned():
            lock.release()
    assert not left, left


class Target(NamedTuple):
    """What a test runs against."""

    kind: str
    protocol: int

    @property
    def unnamed_protocol(self) -> int | None:
        """The protocol as the façade's clients are told of it whose results have the forms they have always had."""
        return None if self.protocol == 3 else self.protocol


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


#: Every target there is.
ALL_TARGETS = [Target(kind, protocol) for kind in KINDS for protocol in (2, 3)]

#: What the twins of a test run against: each kind of server, protocol and world together with each other one, in half
#: the tests that all combinations would be. ``--all-targets`` runs those.
TARGETS_OF_TWINS = {
    "asyncio": [Target("valkey", 3), Target("redis", 2)],
    "blocking": [Target("valkey", 2), Target("redis", 3)],
}


def targets_of(world: str) -> list[Target]:
    """Return what tests in a folder run against."""
    # Without Redis the other half would be missing: the two protocols would each be tried in one world only.
    return TARGETS_OF_TWINS.get(world, ALL_TARGETS) if set(KINDS) <= set(available_kinds()) else ALL_TARGETS


#: What the twins of a test kill and fail over. What such a server does is the core's to understand, which both worlds
#: share, so each kind is tried in one of them.
KIND_OF_TWINS: dict[str, Kind] = {"asyncio": "valkey", "blocking": "redis"}


def kinds_of(world: str) -> tuple[Kind, ...]:
    """Return the kinds of servers that tests in a folder kill and fail over."""
    return (KIND_OF_TWINS[world],) if world in KIND_OF_TWINS and len(available_kinds()) > 1 else KINDS


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all-targets", action="store_true", help="run twins with every server and protocol")
    parser.addoption("--rewrite", action="store_true", help="write the screens of tests/cli/screens anew")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    given = {str(mark.args[0]) for mark in metafunc.definition.iter_markers("parametrize")}
    wanted = set(metafunc.fixturenames) - given
    everything = metafunc.config.getoption("all_targets")
    folders = metafunc.definition.path.relative_to(Path(__file__).parent).with_suffix("").parts
    if "target" in wanted:
        targets = ALL_TARGETS if everything else targets_of(folders[0])
        metafunc.parametrize("target", targets, indirect=True, ids=name_of_target, scope="function")
    for fixture in wanted & {"own_group", "own_cluster"}:
        kinds = KINDS if everything else kinds_of(folders[0])
        metafunc.parametrize(fixture, kinds, indirect=True, scope="function")


def name_of_target(target: Target) -> str:
    """Return what a target is called in names of tests."""
    return f"{target.kind}-resp{target.protocol}"


@pytest.fixture
def target(request: pytest.FixtureRequest) -> Target:
    """Kind of server and protocol; see :data:`TARGETS_OF_TWINS`."""
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
def shared_groups() -> Iterator[Shared[SentinelGroup]]:
    """Primary, replicas and sentinels of a kind."""
    # So patient that nobody is taken for dead on a busy machine.
    groups = Shared(lambda kind: SentinelGroup(kind, down_after=60.0))  # type: ignore[arg-type]
    yield groups
    groups.close()


@pytest.fixture
def group(target: Target, shared_groups: Shared[SentinelGroup]) -> SentinelGroup:
    """A primary with two replicas and three sentinels, shared with other tests: to be left as it was, and empty."""
    require_kind(target.kind)
    group = shared_groups(target.kind)
    group.primary.command("FLUSHALL")
    return group


@pytest.fixture
def own_group(request: pytest.FixtureRequest) -> Iterator[SentinelGroup]:
    """The same of the test's own, to kill, pause and fail over."""
    require_kind(request.param)
    with SentinelGroup(request.param) as group:
        yield group


@pytest.fixture(scope="session")
def shared_clusters() -> Iterator[Shared[RealCluster]]:
    """Clusters by kind."""
    clusters: Shared[RealCluster] = Shared(RealCluster)  # type: ignore[arg-type]
    yield clusters
    clusters.close()


@pytest.fixture(scope="session")
def shared_with_modules(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared[ServerProcess]]:
    """Servers with modules: ``"stack"`` is Redis Stack, and ``"redis8"`` has vector sets."""
    starts = {"stack": lambda: RedisStack.start(tmp_path_factory.mktemp("stack")), "redis8": Redis8.start}
    servers: Shared[ServerProcess] = Shared(lambda kind: starts[kind]())
    yield servers
    servers.close()


@pytest.fixture(autouse=True)
def _idle_servers(
    shared_groups: Shared[SentinelGroup],
    shared_clusters: Shared[RealCluster],
    shared_with_modules: Shared[ServerProcess],
) -> Iterator[None]:
    """Have nobody's servers run on beside thousands of tests that do not need them."""
    yield
    shared_groups.rest()
    shared_clusters.rest()
    shared_with_modules.rest()


@pytest.fixture
def cluster(target: Target, shared_clusters: Shared[RealCluster]) -> RealCluster:
    """Three primaries with a replica each, shared with other tests: to be left as it was, and empty."""
    require_kind(target.kind)
    cluster = shared_clusters(target.kind)
    for node in cluster.nodes[:3]:
        node.command("FLUSHALL")
    return cluster


@pytest.fixture
def own_cluster(request: pytest.FixtureRequest) -> Iterator[RealCluster]:
    """The same of the test's own, to kill, pause, move and fail over."""
    require_kind(request.param)
    with RealCluster(request.param) as cluster:
        yield cluster


# By themselves properties are tried with the same examples each time (the seed stands in pyproject.toml), after all
# those that ever failed. ``scripts/fuzz`` explores, and adds to what has failed.
_FOUND = DirectoryBasedExampleDatabase(Path(__file__).parent / "fuzz" / "found")
settings.register_profile("fixed", deadline=None, database=ReadOnlyDatabase(_FOUND))
settings.register_profile("explore", deadline=None, database=_FOUND, print_blob=True)
settings.load_profile("fixed")


@pytest.fixture(autouse=True)
def _chance_of_the_package() -> None:
    """Have the package's own chance (jitter, choices among equals) be the same each time."""
    random.seed(f"{SEED}")


def pytest_report_header() -> str:
    return f"chance: TEST_SEED={SEED}"


def pytest_configure() -> None:
    # A shell has its background processes ignore Ctrl-C, and so would every program that tests interrupt.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection() -> None:
    gc.disable()


def pytest_collection_finish() -> None:
    # Fifteen thousand collected tests would be walked anew by every garbage collection, a fifth of a second each time.
    gc.collect()
    gc.freeze()
    gc.enable()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    write_missing_summary(terminalreporter)
