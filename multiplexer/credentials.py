"""Where user names and passwords come from, under redis-py's names.

A provider is asked whenever a connection is made, so that credentials may change. A streaming one also says when they
have: idle connections then authenticate again at once, those in use when they are given back to their pool.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from inspect import isawaitable, iscoroutinefunction
from typing import Any

from .errors import ConfigurationError
from .importing import importing
from .snapshots import snapshot

__all__ = [
    "CallableCredentialProvider",
    "CredentialProvider",
    "PasswordToken",
    "RotatingCredentialProvider",
    "StreamingCredentialProvider",
    "UsernamePasswordCredentialProvider",
]

#: User and password, or a password alone.
Credentials = tuple[str] | tuple[str, str]


class CredentialProvider:
    """Provides credentials for each new connection."""

    def get_credentials(self) -> Credentials:
        """Return user and password, or a password alone.

        Raises:
            NotImplementedError: A subclass is to say so.
        """
        raise NotImplementedError("get_credentials must be implemented")

    async def get_credentials_async(self) -> Credentials:
        """Return the same in asyncio; by default a thread asks :meth:`get_credentials`, which may block."""
        with importing:
            from .drivers.eventloop.helpers import ask_blocking

        given: Credentials = await ask_blocking(self.get_credentials)
        return given


class UsernamePasswordCredentialProvider(CredentialProvider):
    """Provides what it was given.

    Args:
        username: None for the default user.
        password: Its password.
    """

    def __init__(self, username: str | None = None, password: str | None = None) -> None:
        self.username = username or ""
        self.password = password or ""

    def get_credentials(self) -> Credentials:
        return (self.username, self.password) if self.username else (self.password,)

    async def get_credentials_async(self) -> Credentials:
        return self.get_credentials()  # at once


class CallableCredentialProvider(CredentialProvider):
    """Provides what a function returns.

    Args:
        call: Returns a password, or user and password; in asyncio it may be a coroutine function, and runs in a thread
            where it is none.
    """

    def __init__(self, call: Callable[[], Any]) -> None:
        self._call = call

    def get_credentials(self) -> Credentials:
        """Call the function.

        Raises:
            ConfigurationError: It is a coroutine function.
        """
        given = self._call()
        if isawaitable(given):
            getattr(given, "close", bool)()  # else the interpreter complains that nobody awaited it
            raise ConfigurationError("credential_provider: a coroutine function needs a client for asyncio")
        return _credentials(given)

    async def get_credentials_async(self) -> Credentials:
        with importing:
            from .drivers.eventloop.helpers import ask_blocking

        given = self._call() if iscoroutinefunction(self._call) else await ask_blocking(self._call)
        return _credentials(await given if isawaitable(given) else given)


class StreamingCredentialProvider(CredentialProvider, ABC):
    """Provides credentials, and tokens whenever they have changed."""

    @abstractmethod
    def on_next(self, callback: Callable[[Any], Any]) -> None:
        """Have each new token handed to ``callback``: ``try_get("oid")`` is its user, ``get_value()`` its password."""

    @abstractmethod
    def on_error(self, callback: Callable[[Exception], Any]) -> None:
        """Have ``callback`` told when there are no new credentials to be had."""

    @abstractmethod
    def is_streaming(self) -> bool:
        """Whether new tokens are being fetched."""


class PasswordToken:
    """User and password in the form in which streaming providers hand them on.

    Args:
        username: None for the default user.
        password: Its password.
    """

    __slots__ = ("_password", "_username")

    def __init__(self, username: str | None, password: str) -> None:
        self._username = username
        self._password = password

    def __repr__(self) -> str:
        return f"<PasswordToken of {self._username or 'the default user'}>"  # without the password

    def try_get(self, key: str) -> str:
        """Return a claim: the user's name for ``"oid"``, nothing for others."""
        return self._username or "default" if key == "oid" else ""

    def get_value(self) -> str:
        """Return the password."""
        return self._password


class RotatingCredentialProvider(StreamingCredentialProvider):
    """Provides credentials that the application changes now and then, with :meth:`rotate`.

    Args:
        username: None for the default user.
        password: Its password.
    """

    def __init__(self, username: str | None = None, password: str = "") -> None:
        self._current = PasswordToken(username, password)
        self._callbacks: list[Callable[[Any], Any]] = []
        self._error_callbacks: list[Callable[[Exception], Any]] = []

    def get_credentials(self) -> Credentials:
        current = self._current  # read once: another thread may rotate
        return current.try_get("oid"), current.get_value()

    async def get_credentials_async(self) -> Credentials:
        return self.get_credentials()  # at once

    def on_next(self, callback: Callable[[Any], Any]) -> None:
        self._callbacks.append(callback)

    def on_error(self, callback: Callable[[Exception], Any]) -> None:
        self._error_callbacks.append(callback)

    def is_streaming(self) -> bool:
        return True

    def rotate(self, username: str | None, password: str) -> None:
        """Have these credentials used from now on.

        When this returns, idle connections of blocking clients have authenticated with them; those of asyncio clients
        are about to.
        """
        self._tell(PasswordToken(username, password))

    async def rotate_async(self, username: str | None, password: str) -> None:
        """The same, and wait until idle connections of this event loop's clients have authenticated."""
        for outcome in self._tell(PasswordToken(username, password)):
            await outcome

    def fail(self, error: Exception) -> None:
        """Say that there are no new credentials to be had; clients log it and go on with what they have."""
        for callback in snapshot(self._error_callbacks):
            callback(error)

    def _tell(self, token: PasswordToken) -> list[Awaitable[Any]]:
        self._current = token
        outcomes = [callback(token) for callback in snapshot(self._callbacks)]
        return [outcome for outcome in outcomes if isawaitable(outcome)]


def _credentials(given: Any) -> Credentials:
    return (given,) if isinstance(given, str) else tuple(given)
