# Generated from multiplexer/compat/asyncio/multidb/event.py by scripts/generate_blocking.py; change that file instead.
"""What is told of several databases of which one is used."""

from __future__ import annotations

from typing import Any

__all__ = ["ActiveDatabaseChanged"]


class ActiveDatabaseChanged:
    """Another database is used from now on.

    Attributes:
        old_database: The one before.
        new_database: The other.
        command_executor: The client's.
        kwargs: Empty.
    """

    def __init__(self, old_database: Any, new_database: Any, command_executor: Any, **kwargs: Any) -> None:
        self.old_database = old_database
        self.new_database = new_database
        self.command_executor = command_executor
        self.kwargs = kwargs
