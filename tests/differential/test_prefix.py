"""Under a prefix every command does what it does without one, to keys that have it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from multiplexer import ConnectionMultiplexer
from multiplexer.errors import RedisError
from tests.servers import KINDS, RealServer, require_kind

from .contents import fill
from .drawing import Argument, calls, described
from .forms import form

PREFIX = "pre:"
#: What sees every key, and is refused under a prefix; and KEYS, whose order is that of the server's hash table.
_OF_ALL_KEYS = ("DBSIZE", "FLUSHALL", "FLUSHDB", "KEYS", "CLUSTER")
_DEBUGGED = ["enable-debug-command yes"]
#: The database that keys are moved to.
_OTHER = 1


class Pair(NamedTuple):
    """Two servers of a kind with a multiplexer each, and the commands they describe."""

    servers: tuple[RealServer, RealServer]
    multiplexers: tuple[ConnectionMultiplexer, ConnectionMultiplexer]
    commands: Mapping[str, tuple[str, list[Argument]]]


@pytest.fixture(scope="module", params=KINDS)
def pair(request: pytest.FixtureRequest) -> Iterator[Pair]:
    require_kind(request.param)
    with (
        RealServer.start(request.param, config=_DEBUGGED) as one,
        RealServer.start(request.param, config=_DEBUGGED) as two,
        ConnectionMultiplexer.connect(one.endpoint, allow_admin=True) as first,
        ConnectionMultiplexer.connect(two.endpoint, allow_admin=True) as second,
    ):
        docs = first.get_database().execute("COMMAND DOCS")
        known = {name: doc for name, doc in described(docs).items() if not name.startswith(_OF_ALL_KEYS)}
        yield Pair((one, two), (first, second), known)


def _results(mux: ConnectionMultiplexer, prefix: str, done: Sequence[tuple[Any, ...]]) -> list[Any]:
    database = mux.get_database().with_options(key_prefix=prefix)
    results: list[Any] = []
    for call in done:
        try:
            results.append(database.execute(*call))
        except RedisError as error:
            results.append(type(error).__name__)
    return results


def _held(server: RealServer, prefix: bytes) -> dict[bytes, Any]:
    """Return what a server has under keys that have a prefix, by their rest, and the others by their whole name.

    Of keys that were moved to another database only the names are told.
    """

    def rest(key: bytes) -> bytes:
        return key.removeprefix(prefix) if key.startswith(prefix) else b"without: " + key

    keys = server.command("KEYS", "*")
    moved = server.command("EVAL", f"redis.call('SELECT', {_OTHER}) return redis.call('KEYS', '*')", 0)
    digests = server.command("DEBUG", "DIGEST-VALUE", *keys) if keys else []
    return {**{b"moved: " + rest(key): None for key in moved}, **dict(zip(map(rest, keys), digests, strict=True))}


def test_whatever_is_called(pair: Pair) -> None:
    @settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(calls(pair.commands), min_size=1, max_size=12))
    def alike(done: list[tuple[Any, ...]]) -> None:
        for server, prefix in zip(pair.servers, ("", PREFIX), strict=True):
            fill(server, prefix)
        plain, prefixed = (
            _results(mux, prefix, done) for mux, prefix in zip(pair.multiplexers, ("", PREFIX), strict=True)
        )
        for call, want, got in zip(done, plain, prefixed, strict=True):
            assert form(call, got) == form(call, want), call
        assert _held(pair.servers[1], PREFIX.encode()) == _held(pair.servers[0], b"")

    alike()
