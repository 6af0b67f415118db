"""Methods are called as redis-py's are, where that is installed to compare with."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from multiplexer.blocking.commands import DataCommands

redis = pytest.importorskip("redis", minversion="8.1")

#: Methods that differ, and why.
DIFFERENT = {
    "client_list": "an empty tuple by default, not a list that everybody shares",
    "json": "encoder and decoder are made when they are needed",
    "latency_graph": "redis-py's only says that it is not implemented",
    "sentinel_get_master_addr_by_name": "one kind of result",
    "sentinel_master": "one kind of result",
    "sentinel_sentinels": "one kind of result",
}


def parameters(method: Any) -> list[tuple[str, Any, Any]]:
    """Return name, kind and default of the parameters but ``self`` and the free keywords."""
    _, *rest = inspect.signature(method).parameters.values()
    return [(one.name, one.kind, one.default) for one in rest if one.kind is not one.VAR_KEYWORD]


def common() -> list[str]:
    """Return the names of the methods that both have."""
    theirs = inspect.getmembers(redis.Redis, inspect.isfunction)
    return [name for name, _ in theirs if not name.startswith("_") and hasattr(DataCommands, name)]


def test_most_methods_are_compared() -> None:
    assert len(common()) > 330
    assert set(DIFFERENT) <= set(common())


@pytest.mark.parametrize("name", common())
def test_signature(name: str) -> None:
    theirs = parameters(getattr(redis.Redis, name))
    ours = parameters(getattr(DataCommands, name))
    # More parameters may follow, as long as nobody needs to give them.
    extra = [default for _, kind, default in ours[len(theirs) :] if kind is not inspect.Parameter.VAR_POSITIONAL]
    alike = ours[: len(theirs)] == theirs and inspect.Parameter.empty not in extra
    assert alike is (name not in DIFFERENT), (theirs, ours)
