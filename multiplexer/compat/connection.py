"""Connections and their pools."""

from __future__ import annotations

from ._parsers import BaseParser, _HiredisParser, _RESP2Parser, _RESP3Parser
from .blocking.connection import (
    SENTINEL,
    URL_QUERY_ARGUMENT_PARSERS,
    AbstractConnection,
    BaseConnection,
    BlockingConnectionPool,
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
    "SENTINEL",
    "URL_QUERY_ARGUMENT_PARSERS",
    "AbstractConnection",
    "BaseConnection",
    "BaseParser",
    "BlockingConnectionPool",
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
    "_HiredisParser",
    "_RESP2Parser",
    "_RESP3Parser",
    "parse_url",
    "to_bool",
]
