# Generated from multiplexer/compat/asyncio/multidb/command_executor.py by scripts/generate_blocking.py; change that file instead.
"""What failure detectors and listeners ask a client of several databases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import Protocol

    from ....blocking.connection_group import ConnectionGroup, GroupMember
    from .database import Database, Databases

    class HasDatabases(Protocol):
        """What is asked of a client."""

        group: ConnectionGroup

        def get_databases(self) -> Databases: ...
        def database_of(self, member: GroupMember) -> Database: ...


__all__ = ["CommandExecutor"]


class CommandExecutor:
    """What failure detectors and listeners ask a client.

    Attributes:
        databases: The databases.
        failure_detectors: Those that are told of calls.
    """

    def __init__(self, client: HasDatabases) -> None:
        self._client = client
        self.databases: Databases = client.get_databases()
        self.failure_detectors: list[Any] = []

    @property
    def active_database(self) -> Database:
        """The database that is used."""
        return self._client.database_of(self._client.group.active)
