# Generated from multiplexer/asyncio/__init__.py by scripts/generate_blocking.py; change that file instead.
"""The asyncio world: one multiplexer, any task of its event loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..drivers.deadlines import Deadline, deadline
from ..importing import late
from .batch import Batch
from .connection_multiplexer import ConnectionMultiplexer
from .database import CodedDatabase, Database
from .lock import Lock
from .script import Library, Script
from .server import Server
from .subscriber import Subscriber
from .subscription import Subscription

if TYPE_CHECKING:
    from ..core.commands.consuming import ConsumerStatistics, StreamEntry
    from ..core.commands.limits import RateLimitResult
    from .coded import CodedBatch, CodedPipeline, CodedTransaction, CodedWatchingPipeline
    from .connection_group import ConnectionGroup, GroupMember
    from .environment import from_environment
    from .pipeline import Pipeline, WatchingPipeline
    from .rate_limiter import RateLimiter
    from .stream_consumer import StreamConsumer
    from .transaction import Outcome, Transaction, TransactionResult
else:
    __getattr__, __dir__ = late(
        __name__,
        {
            "CodedBatch": ".coded",
            "CodedPipeline": ".coded",
            "CodedTransaction": ".coded",
            "CodedWatchingPipeline": ".coded",
            "ConnectionGroup": ".connection_group",
            "ConsumerStatistics": "..core.commands.consuming",
            "GroupMember": ".connection_group",
            "Outcome": ".transaction",
            "Pipeline": ".pipeline",
            "RateLimitResult": "..core.commands.limits",
            "RateLimiter": ".rate_limiter",
            "StreamConsumer": ".stream_consumer",
            "StreamEntry": "..core.commands.consuming",
            "Transaction": ".transaction",
            "TransactionResult": ".transaction",
            "WatchingPipeline": ".pipeline",
            "from_environment": ".environment",
        },
    )

__all__ = [
    "Batch",
    "CodedBatch",
    "CodedDatabase",
    "CodedPipeline",
    "CodedTransaction",
    "CodedWatchingPipeline",
    "ConnectionGroup",
    "ConnectionMultiplexer",
    "ConsumerStatistics",
    "Database",
    "Deadline",
    "GroupMember",
    "Library",
    "Lock",
    "Outcome",
    "Pipeline",
    "RateLimitResult",
    "RateLimiter",
    "Script",
    "Server",
    "StreamConsumer",
    "StreamEntry",
    "Subscriber",
    "Subscription",
    "Transaction",
    "TransactionResult",
    "WatchingPipeline",
    "deadline",
    "from_environment",
]
