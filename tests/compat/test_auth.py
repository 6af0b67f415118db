"""Tokens that expire, and what fetches the next one in time."""

from __future__ import annotations

import asyncio
import base64
import json
import queue
import threading
import time
from typing import Any

import pytest

from multiplexer.compat.auth.err import InvalidTokenSchemaErr, RequestTokenErr, TokenRenewalErr
from multiplexer.compat.auth.idp import IdentityProviderInterface
from multiplexer.compat.auth.token import JWToken, SimpleToken, TokenInterface, TokenResponse
from multiplexer.compat.auth.token_manager import CredentialsListener, RetryPolicy, TokenManager, TokenManagerConfig

#: Milliseconds a token lives: its successor is fetched after a tenth of it.
LIFE = 200.0
DEADLINE = 10.0


def now() -> float:
    return time.time() * 1000


class Provider(IdentityProviderInterface):
    """Gives out numbered tokens, after some failures."""

    def __init__(self, life: float = LIFE, failures: int = 0) -> None:
        self.given = 0
        self.life = life
        self.failures = failures

    def request_token(self, force_refresh: bool = False) -> TokenInterface:
        if self.failures:
            self.failures -= 1
            raise RequestTokenErr("not now")
        self.given += 1
        return SimpleToken(f"token{self.given}", now() + self.life, now(), {"oid": "ann"})


def manager(provider: Provider, attempts: int = 0, ratio: float = 0.1) -> TokenManager:
    return TokenManager(provider, TokenManagerConfig(ratio, 0, 100, RetryPolicy(attempts, 1)))


def threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "token-manager"]


def jwt(claims: Any) -> str:
    return ".".join(
        base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (b"{}", json.dumps(claims).encode(), b"signed")
    )


def test_tokens() -> None:
    token = SimpleToken("secret", now() + 60_000, now(), {"oid": "ann"})
    assert not token.is_expired()
    assert 0 < token.ttl() <= 60_000
    assert (token.try_get("oid"), token.try_get("none"), token.get_value()) == ("ann", None, "secret")
    assert "secret" not in repr(token)
    assert TokenResponse(token).get_token() is token
    assert TokenResponse(token).get_ttl_ms() == pytest.approx(60_000, abs=5000)
    assert SimpleToken("secret", now() - 1, now(), {}).is_expired()
    forever = SimpleToken("secret", -1, now(), {})
    assert (forever.is_expired(), forever.ttl()) == (False, -1)


def test_web_tokens() -> None:
    expires = int(time.time()) + 60
    token = JWToken(jwt({"exp": expires, "oid": "ann"}))
    assert not token.is_expired()
    assert 0 < token.ttl() <= 60_000
    assert token.get_expires_at_ms() == expires * 1000
    assert token.get_received_at_ms() == pytest.approx(now(), abs=60_000)
    assert (token.try_get("oid"), token.get_value()) == ("ann", jwt({"exp": expires, "oid": "ann"}))
    assert token.get_value() not in repr(token)
    assert JWToken(jwt({"exp": 1})).is_expired()
    assert not JWToken(jwt({"exp": -1})).is_expired()
    with pytest.raises(InvalidTokenSchemaErr, match="missing: exp"):
        JWToken(jwt({"oid": "ann"}))
    for nothing in ("secret", jwt([1])):
        with pytest.raises(ValueError, match="no JSON Web Token") as caught:
            JWToken(nothing)
        assert nothing not in str(caught.value)


def test_the_next_token_comes_before_the_last_one_expires() -> None:
    heard: queue.Queue[TokenInterface] = queue.Queue()
    listener = CredentialsListener()
    listener.on_next = heard.put
    stop = manager(Provider()).start(listener)
    values = [heard.get(timeout=DEADLINE).get_value() for _ in range(3)]
    assert values == ["token1", "token2", "token3"]
    stop()
    for thread in threads():
        thread.join(DEADLINE)
    assert not threads()


def test_the_first_token_may_be_known_already() -> None:
    heard: queue.Queue[TokenInterface] = queue.Queue()
    listener = CredentialsListener()
    listener.on_next = heard.put
    stop = manager(Provider()).start(listener, skip_initial=True)
    assert heard.get(timeout=DEADLINE).get_value() == "token2"
    stop()


def test_tokens_are_asked_for_again() -> None:
    assert manager(Provider(failures=2), attempts=2).acquire_token().get_token().get_value() == "token1"
    with pytest.raises(RequestTokenErr, match="not now"):
        manager(Provider(failures=3), attempts=2).acquire_token()


@pytest.mark.parametrize(
    ("provider", "error"), [(Provider(failures=1), RequestTokenErr), (Provider(life=-1), TokenRenewalErr)]
)
def test_the_listener_hears_of_failures(provider: Provider, error: type[Exception]) -> None:
    heard: list[Exception] = []
    listener = CredentialsListener()
    listener.on_next = lambda token: None
    listener.on_error = heard.append
    manager(provider).start(listener)
    assert [type(each) for each in heard] == [error]


def test_without_a_listener_for_failures_they_are_raised() -> None:
    def fails(token: TokenInterface) -> None:
        raise KeyError("refused")

    listener = CredentialsListener()
    listener.on_next = fails
    with pytest.raises(TokenRenewalErr, match="refused"):
        manager(Provider()).start(listener)
    with pytest.raises(RequestTokenErr):
        manager(Provider(failures=1)).start(listener)
    assert not threads()


async def test_tokens_in_a_loop() -> None:
    heard: asyncio.Queue[TokenInterface] = asyncio.Queue()
    listener = CredentialsListener()
    listener.on_next = heard.put
    stop = await manager(Provider(failures=1), attempts=1).start_async(listener, block_for_initial=True)
    assert heard.qsize() >= 1
    async with asyncio.timeout(DEADLINE):
        assert [(await heard.get()).get_value() for _ in range(3)] == ["token1", "token2", "token3"]
    stop()


async def test_failures_in_a_loop() -> None:
    heard: asyncio.Queue[Exception] = asyncio.Queue()
    listener = CredentialsListener()
    listener.on_next = asyncio.Queue[Any]().put
    listener.on_error = heard.put
    await manager(Provider(failures=1)).start_async(listener, block_for_initial=True)
    assert isinstance(heard.get_nowait(), RequestTokenErr)
