# Generated from tests/asyncio/test_secrets.py by scripts/generate_blocking.py; change that file instead.
"""Secrets do not show in what error reports collect: the variables of every frame of a traceback."""

from __future__ import annotations

import inspect
import pickle
import pkgutil
from collections.abc import Iterator
from dataclasses import is_dataclass
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest

import multiplexer
from multiplexer import ConfigurationOptions
from multiplexer.blocking import ConnectionMultiplexer
from multiplexer.compat.blocking.client import Redis
from multiplexer.compat.blocking.cluster_client import RedisCluster
from multiplexer.compat.blocking.sentinel import Sentinel
from multiplexer.configuration import hidden
from multiplexer.credentials import UsernamePasswordCredentialProvider
from multiplexer.errors import RedisClusterException, RedisError
from multiplexer.pools.blocking import BlockingConnectionPool, ConnectionPool, SSLConnection
from tests.servers import RealServer

SECRET = "s3cr3t"
_PACKAGE = str(Path(multiplexer.__file__).parent)


def frames_of(error: BaseException | None) -> Iterator[Any]:
    """Return the package's frames that a report of an error shows."""
    while error is not None:
        trace: TracebackType | None = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename.startswith(_PACKAGE):
                yield trace.tb_frame
            trace = trace.tb_next
        error = error.__cause__ or error.__context__


def check(error: BaseException) -> None:
    assert SECRET not in str(error)
    found = [(frame.f_code.co_qualname, frame.f_locals) for frame in frames_of(error)]
    assert found
    for place, variables in found:
        for name, value in variables.items():
            assert SECRET not in repr(value), f"{place}: {name}"


MALFORMED = [
    f"localhost,password={SECRET},nonsense=1",
    f"localhost,password={SECRET},timeout=soon",
    f"localhost,password={SECRET},ssl=false,proxy=twemproxy,user=x",
    f"redis://user:{SECRET}@localhost:port",
    f"redis://:{SECRET}@localhost/first",
    f"rediss://:{SECRET}@localhost?sslVerify=none&sslCheckHostname=true",
]


@pytest.mark.parametrize("text", MALFORMED)
def test_configuration_that_is_refused(text: str) -> None:
    with pytest.raises(RedisError) as caught:
        ConfigurationOptions.parse(text)
    check(caught.value)
    for read in (ConnectionMultiplexer.connect, ConnectionMultiplexer.for_running_loop):
        with pytest.raises(RedisError) as caught:
            read(text)
        check(caught.value)


def test_options_that_are_refused() -> None:
    for wrong in (
        {"password": SECRET, "nonsense": 1},
        {"password": SECRET, "credential_provider": UsernamePasswordCredentialProvider("me", SECRET)},
    ):
        with pytest.raises(RedisError) as caught:
            ConfigurationOptions(endpoints="localhost", **wrong)  # type: ignore[arg-type]
        check(caught.value)
        with pytest.raises(RedisError) as caught:
            ConnectionMultiplexer.connect("localhost", **wrong)
        check(caught.value)


def test_a_password_the_server_refuses(server: RealServer) -> None:
    address = f"{server.host}:{server.port}"
    with pytest.raises(RedisError) as caught:
        ConnectionMultiplexer.connect(
            address, user="nobody", password=SECRET, abort_connect=True, connect_retry=1
        )
    check(caught.value)
    for pool in (
        ConnectionPool.from_url(f"redis://nobody:{SECRET}@{address}"),
        BlockingConnectionPool(host=server.host, port=server.port, username="nobody", password=SECRET),
    ):
        with pytest.raises(RedisError) as caught:
            pool.get_connection()
        check(caught.value)
        assert pool.connection_kwargs["password"] == SECRET  # the same text as ever
        assert pickle.loads(pickle.dumps(pool.connection_kwargs))["password"] == SECRET


@pytest.mark.parametrize(
    "wrong", [{"password": SECRET, "protocol": 7}, {"ssl_password": SECRET, "ssl_ca_certs": "/no"}]
)
def test_options_of_pools_that_are_refused(wrong: dict[str, Any]) -> None:
    for kind in (ConnectionPool, BlockingConnectionPool):
        with pytest.raises(RedisError) as caught:
            kind(connection_class=SSLConnection, host="localhost", port=1, **wrong).get_connection()
        check(caught.value)
    for url in (f"redis://:{SECRET}@localhost:port", f"redis://:{SECRET}@localhost/first", f"x://:{SECRET}@localhost"):
        with pytest.raises(RedisError) as caught:
            ConnectionPool.from_url(url)
        check(caught.value)


@pytest.mark.parametrize("wrong", [{"protocol": 7}, {"ssl_ca_certs": "/no", "ssl": True}])
def test_clients_of_the_facade_that_are_refused(wrong: dict[str, Any]) -> None:
    secrets = {"password": SECRET, "ssl_password": SECRET}
    with pytest.raises((RedisError, RedisClusterException, TypeError)) as caught:
        Redis(host="localhost", port=1, **secrets, **wrong).ping()
    check(caught.value)
    with pytest.raises((RedisError, RedisClusterException, TypeError)) as caught:
        with RedisCluster(host="localhost", port=1, **secrets, **wrong) as cluster:
            cluster.ping()
    check(caught.value)
    for kind in (Redis, RedisCluster):
        for url in (f"redis://:{SECRET}@localhost:port", f"x://:{SECRET}@localhost"):
            with pytest.raises(RedisError) as caught:
                kind.from_url(url, **secrets)
            check(caught.value)
    sentinel = Sentinel([("localhost", 1)], sentinel_kwargs=secrets, **secrets)
    with pytest.raises((RedisError, RedisClusterException, TypeError)) as caught:
        sentinel.master_for("service", **secrets, **wrong).ping()
    check(caught.value)


def test_options_with_secrets_are_not_pickled() -> None:
    plain = ConfigurationOptions.parse("localhost,user=me")
    assert pickle.loads(pickle.dumps(plain)) == plain
    for text in (
        "localhost,password=x",
        "localhost,sentinelPassword=x",
        "rediss://localhost?sslKeyPassword=x&sslCertFile=y",
    ):
        with pytest.raises(TypeError, match=r"assword are not pickled"):
            pickle.dumps(ConfigurationOptions.parse(text))


def test_every_secret_is_known() -> None:
    assert {name for name, declared in ConfigurationOptions.options.items() if declared.secret} <= hidden.SECRETS


def test_what_was_not_made_can_be_shown() -> None:
    """A constructor that raises leaves one behind, for the traceback to show."""
    seen = 0
    for module in pkgutil.walk_packages(multiplexer.__path__, "multiplexer."):
        if module.name.split(".")[1] in ("configuration", "pools", "asyncio", "blocking", "compat"):
            for kind in vars(import_module(module.name)).values():
                if (
                    inspect.isclass(kind)
                    and not inspect.isabstract(kind)
                    and not (issubclass(kind, tuple) or is_dataclass(kind))  # there is none without its values
                    and kind.__module__ == module.name
                    and "__repr__" in vars(kind)
                ):
                    assert isinstance(repr(kind.__new__(kind)), str)
                    seen += 1
    assert seen > 5
