"""What needs no server: what providers hand out, and what they keep to themselves."""

from __future__ import annotations

import asyncio

import pytest

from multiplexer.compat.credentials import (
    CallableCredentialProvider,
    CredentialProvider,
    PasswordToken,
    RotatingCredentialProvider,
    StreamingCredentialProvider,
    UsernamePasswordCredentialProvider,
)
from multiplexer.errors import ConfigurationError


def test_user_and_password() -> None:
    assert UsernamePasswordCredentialProvider("ann", "secret").get_credentials() == ("ann", "secret")
    assert UsernamePasswordCredentialProvider("ann").get_credentials() == ("ann", "")
    assert UsernamePasswordCredentialProvider(password="secret").get_credentials() == ("secret",)
    assert asyncio.run(UsernamePasswordCredentialProvider("a", "b").get_credentials_async()) == ("a", "b")


def test_a_function() -> None:
    assert CallableCredentialProvider(lambda: "secret").get_credentials() == ("secret",)
    assert CallableCredentialProvider(lambda: ["ann", "secret"]).get_credentials() == ("ann", "secret")


def test_a_coroutine_function() -> None:
    async def give() -> tuple[str, str]:
        return "ann", "secret"

    provider = CallableCredentialProvider(give)
    assert asyncio.run(provider.get_credentials_async()) == ("ann", "secret")
    with pytest.raises(ConfigurationError, match="asyncio"):
        provider.get_credentials()


def test_what_subclasses_are_to_say() -> None:
    with pytest.raises(NotImplementedError, match="get_credentials"):
        CredentialProvider().get_credentials()
    with pytest.raises(TypeError):
        StreamingCredentialProvider()  # type: ignore[abstract]


def test_rotation() -> None:
    provider = RotatingCredentialProvider("ann", "1")
    assert isinstance(provider, StreamingCredentialProvider)
    assert provider.is_streaming()
    seen = []
    provider.on_next(lambda token: seen.append((token.try_get("oid"), token.get_value(), token.try_get("exp"))))
    provider.rotate(None, "2")
    assert seen == [("default", "2", "")]
    assert provider.get_credentials() == ("default", "2")


def test_no_password_is_shown() -> None:
    assert "secret" not in repr(PasswordToken("ann", "secret"))
