"""One long-lived, pipelined connection to Redis or Valkey, shared by every thread of an application.

The asyncio twin is :mod:`multiplexer.asyncio`.
"""

from __future__ import annotations

from .blocking import (
    Batch,
    ConnectionMultiplexer,
    Database,
    Library,
    Lock,
    Outcome,
    Pipeline,
    Script,
    Server,
    Subscriber,
    Subscription,
    Transaction,
    TransactionResult,
    WatchingPipeline,
)
from .configuration import BacklogPolicy, ConfigurationOptions, EndPoint, ReadFrom
from .core.cache.statistics import CacheStatistics
from .core.call_options import CommandFlags
from .core.commands.batching import Queued
from .core.commands.command import ReplayCategory
from .core.commands.conditions import Condition
from .core.connection_counters import ConnectionCounters, ServerCounters
from .core.diagnosis.events import ConfigurationEvent, ConnectionEvent, ErrorEvent, HashSlotMoved, ServerMaintenance
from .core.diagnosis.profiling import ProfiledCommand, ProfilingSession
from .core.pubsub.keyspace import KeyspaceNotification
from .core.pubsub.overflow import Overflow
from .core.pubsub.subscriptions import Gap, Publication
from .errors import RedisError
from .version import __version__

__all__ = [
    "BacklogPolicy",
    "Batch",
    "CacheStatistics",
    "CommandFlags",
    "Condition",
    "ConfigurationEvent",
    "ConfigurationOptions",
    "ConnectionCounters",
    "ConnectionEvent",
    "ConnectionMultiplexer",
    "Database",
    "EndPoint",
    "ErrorEvent",
    "Gap",
    "HashSlotMoved",
    "KeyspaceNotification",
    "Library",
    "Lock",
    "Outcome",
    "Overflow",
    "Pipeline",
    "ProfiledCommand",
    "ProfilingSession",
    "Publication",
    "Queued",
    "ReadFrom",
    "RedisError",
    "ReplayCategory",
    "Script",
    "Server",
    "ServerCounters",
    "ServerMaintenance",
    "Subscriber",
    "Subscription",
    "Transaction",
    "TransactionResult",
    "WatchingPipeline",
    "__version__",
]
