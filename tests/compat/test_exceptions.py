"""The façade's exceptions have the relations that ``except`` clauses rely on."""

from __future__ import annotations

import pickle

import pytest

import multiplexer.compat as compat
from multiplexer import errors
from multiplexer.compat import exceptions
from tests.servers.packages import require_redis_py

#: By name, the classes that an ``except`` clause may name to catch it.
CAUGHT_BY = {
    "AskError": "ResponseError RedisError",
    "AuthenticationError": "ConnectionError RedisError",
    "AuthenticationWrongNumberOfArgsError": "ResponseError RedisError",
    "AuthorizationError": "ConnectionError RedisError",
    "BusyLoadingError": "ConnectionError RedisError",
    "ChildDeadlockedError": "",
    "ClusterCrossSlotError": "ResponseError RedisError",
    "ClusterDownError": "ClusterError ResponseError RedisError",
    "ClusterError": "RedisError",
    "ConnectionError": "RedisError",
    "CrossSlotTransactionError": "RedisClusterException",
    "DataError": "RedisError",
    "ExecAbortError": "ResponseError RedisError",
    "ExternalAuthProviderError": "ConnectionError RedisError",
    "InvalidPipelineStack": "RedisClusterException",
    "InvalidResponse": "RedisError",
    "LockError": "RedisError ValueError",
    "LockNotOwnedError": "LockError RedisError ValueError",
    "MasterDownError": "ClusterDownError ClusterError ResponseError RedisError",
    "MaxConnectionsError": "ConnectionError RedisError",
    "ModuleError": "ResponseError RedisError",
    "MovedError": "AskError ResponseError RedisError",
    "NoPermissionError": "ResponseError RedisError",
    "NoScriptError": "ResponseError RedisError",
    "NoSuchFieldsetError": "ResponseError RedisError",
    "OutOfMemoryError": "ResponseError RedisError",
    "PubSubError": "RedisError",
    "ReadOnlyError": "ResponseError RedisError",
    "RedisClusterException": "",
    "RedisError": "",
    "ResponseError": "RedisError",
    "SlotNotCoveredError": "RedisClusterException",
    "TimeoutError": "RedisError",
    "TryAgainError": "ResponseError RedisError",
    "WatchError": "RedisError",
}


def test_every_name() -> None:
    assert set(exceptions.__all__) == {
        *CAUGHT_BY,
        "SharedConnectionError",
        "ValkeyClusterException",
        "ValkeyError",
    }
    assert exceptions.ValkeyError is exceptions.RedisError
    assert compat.Valkey is compat.Redis
    assert set(compat.__all__) >= {"ConnectionError", "TimeoutError", "RedisError", "ResponseError", "WatchError"}


@pytest.mark.parametrize("name", CAUGHT_BY)
def test_relations(name: str) -> None:
    kind = getattr(exceptions, name)
    wanted = {name, *CAUGHT_BY[name].split()}
    others = {other for other in CAUGHT_BY if issubclass(kind, getattr(exceptions, other))}
    assert others | ({"ValueError"} if issubclass(kind, ValueError) else set()) == wanted
    assert not issubclass(kind, OSError)


@pytest.mark.parametrize("name", CAUGHT_BY)
def test_relations_are_those_of_redis_py(name: str) -> None:
    require_redis_py()
    import redis.exceptions as theirs

    kind, model = getattr(exceptions, name), getattr(theirs, name)
    for other in CAUGHT_BY:
        assert issubclass(kind, getattr(exceptions, other)) == issubclass(model, getattr(theirs, other)), other
    assert issubclass(kind, ValueError) == issubclass(model, ValueError)


def test_they_are_the_package_s_own() -> None:
    assert exceptions.ConnectionError is errors.RedisConnectionError
    assert exceptions.TimeoutError is errors.RedisTimeoutError
    assert issubclass(errors.ProtocolError, exceptions.InvalidResponse)
    assert issubclass(errors.ProtocolError, exceptions.ConnectionError)


def test_what_a_lock_s_error_carries() -> None:
    error = exceptions.LockNotOwnedError("it expired", "a lock")
    assert (str(error), error.message, error.lock_name) == ("it expired", "it expired", "a lock")
    assert str(exceptions.LockError()) == ""
    assert str(pickle.loads(pickle.dumps(exceptions.LockError("no")))) == "no"


@pytest.mark.parametrize(("text", "host"), [("MOVED 3999 127.0.0.1:6381", "127.0.0.1"), ("ASK 3999 ::1:6381", "::1")])
def test_where_a_slot_is(text: str, host: str) -> None:
    error = errors.from_reply(text)
    assert isinstance(error, exceptions.AskError)
    assert (error.slot_id, error.node_addr, error.host, error.port) == (3999, (host, 6381), host, 6381)
