"""The asyncio world: one multiplexer, any task of its event loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..importing import late
from .batch import Batch
from .connection_multiplexer import ConnectionMultiplexer
from .database import Database
from .lock import Lock
from .pipeline import Pipeline, WatchingPipeline
from .script import Library, Script
from .server import Server
from .subscriber import Subscriber, Subscription
from .transaction import Outcome, Transaction, TransactionResult

if TYPE_CHECKING:
    from .connection_group import ConnectionGroup, GroupMember
    from .environment import from_environment
else:
    __getattr__, __dir__ = late(
        __name__,
        {
            "ConnectionGroup": ".connection_group",
            "GroupMember": ".connection_group",
            "from_environment": ".environment",
        },
    )

__all__ = [
    "Batch",
    "ConnectionGroup",
    "ConnectionMultiplexer",
    "Database",
    "GroupMember",
    "Library",
    "Lock",
    "Outcome",
    "Pipeline",
    "Script",
    "Server",
    "Subscriber",
    "Subscription",
    "Transaction",
    "TransactionResult",
    "WatchingPipeline",
    "from_environment",
]
