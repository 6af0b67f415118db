"""What goes wrong with tokens."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["InvalidTokenSchemaErr", "RequestTokenErr", "TokenRenewalErr"]


class RequestTokenErr(Exception):
    """The identity provider gave no token."""


class InvalidTokenSchemaErr(Exception):
    """A token lacks what every token must have.

    Args:
        missing_fields: The names of what is missing.
    """

    def __init__(self, missing_fields: Iterable[str] = ()) -> None:
        super().__init__(f"Unexpected token schema. Following fields are missing: {', '.join(missing_fields)}")


class TokenRenewalErr(Exception):
    """A new token cannot be used, or nobody could be told of it."""
