"""Credentials that something of the user's provides, anew for each connection."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ...configuration.hidden import hidden
from ...errors import ExternalAuthProviderError


class Credentials(NamedTuple):
    """What AUTH is sent with.

    Attributes:
        user: ACL user, or None for the default one.
        password: Its password.
    """

    user: str | None
    password: str

    def __repr__(self) -> str:
        return f"<Credentials of {self.user or 'the default user'}>"  # without the password


if TYPE_CHECKING:
    from typing import Protocol

    class Token(Protocol):
        """What a streaming provider gives, as redis-py's do."""

        def try_get(self, name: str) -> str | None:
            """Return a claim, or None."""

        def get_value(self) -> str:
            """Return what is the password."""


def as_credentials(given: object) -> Credentials:
    """Read what a provider returned: user and password, or a password alone, as a sequence.

    Raises:
        ExternalAuthProviderError: It is something else.
    """
    if isinstance(given, tuple | list):
        if len(given) == 1:
            return Credentials(None, hidden(given[0]))
        if len(given) == 2:
            return Credentials(given[0] or None, hidden(given[1]))
    raise ExternalAuthProviderError(
        f"the credential provider returned {type(given).__name__}; expected (user, password) or (password,)"
    )


def from_token(token: Token) -> Credentials:
    """Read a token of a streaming provider: ``try_get("oid")`` is the user, ``get_value()`` the password."""
    return Credentials(token.try_get("oid") or None, hidden(token.get_value()))
