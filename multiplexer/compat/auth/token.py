"""Tokens."""

from __future__ import annotations

import base64
import json
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from ...configuration.hidden import shown
from .err import InvalidTokenSchemaErr

__all__ = ["JWToken", "SimpleToken", "TokenInterface", "TokenResponse"]

#: When a token expires that never does.
NEVER = -1


class TokenInterface(ABC):
    """A password that expires. Times are in milliseconds since 1970, spans in milliseconds."""

    @abstractmethod
    def is_expired(self) -> bool:
        """Whether it cannot be used any longer."""

    @abstractmethod
    def ttl(self) -> float:
        """Return for how long it can still be used, -1 for ever."""

    @abstractmethod
    def try_get(self, key: str) -> Any:
        """Return a claim, such as ``oid``, the user's name; None where there is none such."""

    @abstractmethod
    def get_value(self) -> str:
        """Return the password."""

    @abstractmethod
    def get_expires_at_ms(self) -> float:
        """Return when it expires, -1 for never."""

    @abstractmethod
    def get_received_at_ms(self) -> float:
        """Return when it was received."""


class TokenResponse:
    """A token as it came from an identity provider.

    Args:
        token: The token.
    """

    def __init__(self, token: TokenInterface) -> None:
        self._token = token

    def get_token(self) -> TokenInterface:
        """Return the token."""
        return self._token

    def get_ttl_ms(self) -> float:
        """Return for how long it could be used when it was received."""
        return self._token.get_expires_at_ms() - self._token.get_received_at_ms()


class SimpleToken(TokenInterface):
    """A token whose parts are given.

    Args:
        value: The password.
        expires_at_ms: When it expires, -1 for never.
        received_at_ms: When it was received.
        claims: What else is said of it.
    """

    def __init__(self, value: str, expires_at_ms: float, received_at_ms: float, claims: Mapping[str, Any]) -> None:
        self.value = value
        self.expires_at = expires_at_ms
        self.received_at = received_at_ms
        self.claims = claims

    @shown
    def __repr__(self) -> str:
        return f"<SimpleToken until {self.expires_at}>"  # without the password

    def is_expired(self) -> bool:
        return self.expires_at != NEVER and self.ttl() <= 0

    def ttl(self) -> float:
        return NEVER if self.expires_at == NEVER else self.expires_at - _now()

    def try_get(self, key: str) -> Any:
        return self.claims.get(key)

    def get_value(self) -> str:
        return self.value

    def get_expires_at_ms(self) -> float:
        return self.expires_at

    def get_received_at_ms(self) -> float:
        return self.received_at


class JWToken(TokenInterface):
    """A JSON Web Token. Its signature is for the server to check.

    Args:
        token: The token.

    Raises:
        InvalidTokenSchemaErr: It does not say when it expires.
        ValueError: It is no JSON Web Token.
    """

    REQUIRED_FIELDS: ClassVar[frozenset[str]] = frozenset(("exp",))

    def __init__(self, token: str) -> None:
        self._value = token
        self._claims = _claims_of(token)
        self._received_at = _now()
        missing = self.REQUIRED_FIELDS - self._claims.keys()
        if missing:
            raise InvalidTokenSchemaErr(sorted(missing))

    @shown
    def __repr__(self) -> str:
        return f"<JWToken until {self.get_expires_at_ms()}>"  # without the password

    def is_expired(self) -> bool:
        return self._claims["exp"] != NEVER and self.ttl() <= 0

    def ttl(self) -> float:
        return NEVER if self._claims["exp"] == NEVER else self.get_expires_at_ms() - _now()

    def try_get(self, key: str) -> Any:
        return self._claims.get(key)

    def get_value(self) -> str:
        return self._value

    def get_expires_at_ms(self) -> float:
        return float(self._claims["exp"] * 1000)

    def get_received_at_ms(self) -> float:
        return self._received_at


def _now() -> float:
    return time.time() * 1000


def _claims_of(token: str) -> dict[str, Any]:
    parts = token.split(".")
    if len(parts) != 3:
        raise ValueError("no JSON Web Token: it does not have three parts")
    claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    if not isinstance(claims, dict):
        raise ValueError("no JSON Web Token: its claims are no object")
    return claims
