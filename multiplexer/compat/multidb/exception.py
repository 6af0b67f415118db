"""What goes wrong with several databases of which one is used."""

from __future__ import annotations

from typing import Any

__all__ = [
    "InitialHealthCheckFailedError",
    "NoValidDatabaseException",
    "TemporaryUnavailableException",
    "UnhealthyDatabaseException",
]


class NoValidDatabaseException(Exception):
    """No database can be used, and has not been for long."""


class UnhealthyDatabaseException(Exception):
    """A database is not well.

    Attributes:
        database: It.
        original_exception: Why, or None.
    """

    def __init__(self, message: str, database: Any, original_exception: BaseException | None) -> None:
        super().__init__(message)
        self.database = database
        self.original_exception = original_exception


class TemporaryUnavailableException(Exception):
    """No database can be used just now; another attempt may find one."""


class InitialHealthCheckFailedError(Exception):
    """Fewer databases were well at the beginning than were asked for."""
