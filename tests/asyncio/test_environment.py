"""A multiplexer for what the environment names."""

from __future__ import annotations

import traceback

import pytest

from multiplexer.asyncio import from_environment
from multiplexer.configuration.environment import VARIABLES
from multiplexer.errors import ConfigurationError, RedisConnectionError
from tests.servers import RealServer


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment without any of the variables."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("name", VARIABLES)
async def test_each_variable(server: RealServer, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    text = f"{server.host}:{server.port}"
    monkeypatch.setenv(name, f"redis://{text}/3" if name.endswith("URL") else f"{text},defaultDatabase=3")
    async with from_environment(client_name="me") as mux:
        assert (mux.options.default_database, mux.options.name) == (3, "me")
        assert await mux.get_database().ping()


async def test_the_first_that_is_not_empty_counts(server: RealServer, monkeypatch: pytest.MonkeyPatch) -> None:
    address = f"{server.host}:{server.port}"
    monkeypatch.setenv("MULTIPLEXER_CONFIGURATION", "")
    monkeypatch.setenv("REDIS_URL", f"redis://{address}/1")
    monkeypatch.setenv("VALKEY_URL", f"valkey://{address}/2")
    async with from_environment() as mux:
        assert mux.options.default_database == 1
    monkeypatch.setenv("MULTIPLEXER_CONFIGURATION", f"{address},defaultDatabase=4")
    mux = await from_environment()
    assert mux.options.default_database == 4
    await mux.aclose()


async def test_what_is_wrong_names_the_variable_and_not_what_it_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(
        ConfigurationError, match=r"^the environment names no server: set one of MULTIPLEXER_CONF.*VALKEY_URL$"
    ):
        await from_environment()
    monkeypatch.setenv("REDIS_URL", "redis://:s3cret@h?s3cret=s3cret")
    with pytest.raises(ConfigurationError, match=r"^REDIS_URL: URL option 1: unknown option") as caught:
        await from_environment()
    assert "s3cret" not in "".join(traceback.format_exception(caught.value))
    monkeypatch.setenv("REDIS_URL", "redis://localhost")
    with pytest.raises(ConfigurationError, match=r"^timeout: keyword arguments are seconds"):
        await from_environment(timeout=5000)
    monkeypatch.setenv("REDIS_URL", "redis://localhost:1?abortConnect=true&connectRetry=1")
    with pytest.raises(RedisConnectionError, match="no server could be reached"):
        await from_environment()
