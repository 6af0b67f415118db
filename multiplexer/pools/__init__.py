"""Pools of connections of one's own, under redis-py's names.

This is the world of threads; that of asyncio tasks is :mod:`multiplexer.pools.asyncio`.
"""

from __future__ import annotations

from .blocking import (
    AbstractConnection,
    BaseConnection,
    BlockingClusterConnectionPool,
    BlockingConnectionPool,
    ClusterConnection,
    ClusterConnectionPool,
    ClusterSSLConnection,
    Connection,
    ConnectionPool,
    DefaultParser,
    Encoder,
    HiredisParser,
    HiredisRespSerializer,
    LifoQueue,
    PythonParser,
    PythonRespSerializer,
    SSLConnection,
    UnixDomainSocketConnection,
    parse_url,
    to_bool,
)

__all__ = [
    "AbstractConnection",
    "BaseConnection",
    "BlockingClusterConnectionPool",
    "BlockingConnectionPool",
    "ClusterConnection",
    "ClusterConnectionPool",
    "ClusterSSLConnection",
    "Connection",
    "ConnectionPool",
    "DefaultParser",
    "Encoder",
    "HiredisParser",
    "HiredisRespSerializer",
    "LifoQueue",
    "PythonParser",
    "PythonRespSerializer",
    "SSLConnection",
    "UnixDomainSocketConnection",
    "parse_url",
    "to_bool",
]
