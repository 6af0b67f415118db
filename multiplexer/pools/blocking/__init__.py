# Generated from multiplexer/pools/asyncio/__init__.py by scripts/generate_blocking.py; change that file instead.
"""Pools of connections of one's own, for threads."""

from __future__ import annotations

from ..encoder import Encoder
from ..lifo_queue import LifoQueue
from ..parser import DefaultParser, HiredisParser, PythonParser
from ..serializers import HiredisRespSerializer, PythonRespSerializer
from ..urls import to_bool
from .blocking_cluster_connection_pool import BlockingClusterConnectionPool
from .blocking_connection_pool import BlockingConnectionPool
from .cluster_connection import ClusterConnection, ClusterSSLConnection
from .cluster_connection_pool import ClusterConnectionPool
from .connection import AbstractConnection, BaseConnection
from .connection_pool import ConnectionPool
from .transports import Connection, SSLConnection, UnixDomainSocketConnection, parse_url

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
