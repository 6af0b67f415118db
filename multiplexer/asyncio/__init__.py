"""The asyncio world: one multiplexer, any task of its event loop."""

from __future__ import annotations

from .batch import Batch, Pipeline
from .connection_multiplexer import ConnectionMultiplexer
from .database import Database, Server
from .subscriber import Subscriber, Subscription

__all__ = ["Batch", "ConnectionMultiplexer", "Database", "Pipeline", "Server", "Subscriber", "Subscription"]
