"""One long-lived, pipelined connection to Redis or Valkey, shared by every thread of an application.

The asyncio twin is :mod:`multiplexer.asyncio`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .blocking import (
    Batch,
    CodedDatabase,
    ConnectionMultiplexer,
    Database,
    Library,
    Lock,
    Script,
    Server,
    Subscriber,
    Subscription,
)
from .configuration import BacklogPolicy, ConfigurationOptions, EndPoint, ReadFrom
from .core.call_options import CommandFlags
from .core.commands.batching import Queued
from .core.commands.command import ReplayCategory
from .core.connection_counters import ConnectionCounters, ServerCounters
from .core.diagnosis.events import (
    ConfigurationEvent,
    ConnectionEvent,
    ErrorEvent,
    HashSlotMoved,
    ServerMaintenance,
)
from .core.pubsub.keyspace import KeyspaceNotification
from .core.pubsub.overflow import Overflow
from .core.pubsub.subscriptions import Gap, Publication
from .drivers.deadlines import Deadline, deadline
from .errors import RedisError
from .importing import late
from .version import __version__

if TYPE_CHECKING:
    from .blocking import (
        CodedBatch,
        CodedPipeline,
        CodedTransaction,
        CodedWatchingPipeline,
        ConnectionGroup,
        GroupMember,
        Outcome,
        Pipeline,
        RateLimiter,
        StreamConsumer,
        Transaction,
        TransactionResult,
        WatchingPipeline,
        from_environment,
    )
    from .core.availability.group_events import ActiveChanged, MemberHealthChanged
    from .core.availability.group_options import GroupOptions, Member
    from .core.cache.statistics import CacheStatistics
    from .core.commands.conditions import Condition
    from .core.commands.consuming import ConsumerStatistics, StreamEntry
    from .core.commands.limits import RateLimitResult
    from .core.diagnosis.profiling import ProfiledCommand, ProfilingSession
    from .core.features import Features
    from .core.health import Health
else:
    __getattr__, __dir__ = late(
        __name__,
        {
            "ActiveChanged": ".core.availability.group_events",
            "CacheStatistics": ".core.cache.statistics",
            "CodedBatch": ".blocking",
            "CodedPipeline": ".blocking",
            "CodedTransaction": ".blocking",
            "CodedWatchingPipeline": ".blocking",
            "Condition": ".core.commands.conditions",
            "ConnectionGroup": ".blocking",
            "ConsumerStatistics": ".core.commands.consuming",
            "Features": ".core.features",
            "GroupMember": ".blocking",
            "Health": ".core.health",
            "Outcome": ".blocking",
            "Pipeline": ".blocking",
            "ProfiledCommand": ".core.diagnosis.profiling",
            "ProfilingSession": ".core.diagnosis.profiling",
            "RateLimitResult": ".core.commands.limits",
            "RateLimiter": ".blocking",
            "StreamConsumer": ".blocking",
            "StreamEntry": ".core.commands.consuming",
            "Transaction": ".blocking",
            "TransactionResult": ".blocking",
            "WatchingPipeline": ".blocking",
            "GroupOptions": ".core.availability.group_options",
            "Member": ".core.availability.group_options",
            "MemberHealthChanged": ".core.availability.group_events",
            "from_environment": ".blocking",
        },
    )

__all__ = [
    "ActiveChanged",
    "BacklogPolicy",
    "Batch",
    "CacheStatistics",
    "CodedBatch",
    "CodedDatabase",
    "CodedPipeline",
    "CodedTransaction",
    "CodedWatchingPipeline",
    "CommandFlags",
    "Condition",
    "ConfigurationEvent",
    "ConfigurationOptions",
    "ConnectionCounters",
    "ConnectionEvent",
    "ConnectionGroup",
    "ConnectionMultiplexer",
    "ConsumerStatistics",
    "Database",
    "Deadline",
    "EndPoint",
    "ErrorEvent",
    "Features",
    "Gap",
    "GroupMember",
    "GroupOptions",
    "HashSlotMoved",
    "Health",
    "KeyspaceNotification",
    "Library",
    "Lock",
    "Member",
    "MemberHealthChanged",
    "Outcome",
    "Overflow",
    "Pipeline",
    "ProfiledCommand",
    "ProfilingSession",
    "Publication",
    "Queued",
    "RateLimitResult",
    "RateLimiter",
    "ReadFrom",
    "RedisError",
    "ReplayCategory",
    "Script",
    "Server",
    "ServerCounters",
    "ServerMaintenance",
    "StreamConsumer",
    "StreamEntry",
    "Subscriber",
    "Subscription",
    "Transaction",
    "TransactionResult",
    "WatchingPipeline",
    "__version__",
    "deadline",
    "from_environment",
]
