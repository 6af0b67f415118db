"""Options of a multiplexer, from code, connection strings and URLs."""

from __future__ import annotations

from .endpoint import DEFAULT_PORT, DEFAULT_SENTINEL_PORT, DEFAULT_TLS_PORT, EndPoint
from .options import DEFAULT_RECONNECT_BACKOFF, BacklogPolicy, ConfigurationOptions, ReadFrom

__all__ = [
    "DEFAULT_PORT",
    "DEFAULT_RECONNECT_BACKOFF",
    "DEFAULT_SENTINEL_PORT",
    "DEFAULT_TLS_PORT",
    "BacklogPolicy",
    "ConfigurationOptions",
    "EndPoint",
    "ReadFrom",
]
