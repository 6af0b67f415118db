"""Where a command goes."""

from __future__ import annotations

from typing import Any

import pytest

from multiplexer import EndPoint, ReadFrom
from multiplexer.core.call_options import CallOptions
from multiplexer.core.commands.command_table import COMMANDS
from multiplexer.core.physical_bridge import BridgeState
from multiplexer.core.server_endpoint import ServerEndPoint
from multiplexer.core.server_selection_strategy import ByRole, ServerSelectionStrategy, pinned_to
from multiplexer.errors import RedisConnectionError

from .engine import bridge

GET, SET = COMMANDS["GET"], COMMANDS["SET"]


def server(role: str | None, connected: bool = True) -> ServerEndPoint[Any]:
    made = ServerEndPoint(EndPoint("server", 6379), bridge())
    made.facts.role = role
    made.interactive.set_state(BridgeState.ESTABLISHED if connected else BridgeState.DISCONNECTED)
    return made


def strategy(*servers: ServerEndPoint[Any], read_from: ReadFrom = ReadFrom.PRIMARY) -> ByRole[Any]:
    made: ByRole[Any] = ByRole(read_from)
    made.swap(servers)
    return made


def test_a_single_server_needs_no_choosing() -> None:
    only = server("replica", connected=False)
    chosen = strategy(only)
    assert chosen.only is only.interactive
    assert chosen.select(SET, CallOptions()) is only.interactive
    assert pinned_to(only.interactive).only is only.interactive


def test_what_chooses_is_called_with_nothing_between() -> None:
    group, single = strategy(server("primary"), server("replica")), strategy(server("primary"))
    made: ServerSelectionStrategy[Any] = ServerSelectionStrategy(group)
    assert made.only is None
    assert (made.select, made.select_packed) == (group.select, group.select_packed)
    made.follow(single)
    assert made.only is single.only is not None
    assert (made.select, made.select_packed) == (single.select, single.select_packed)


def test_other_servers_count_once_they_are_followed() -> None:
    first, second = server("primary"), server("primary")
    chosen = strategy(first)
    made: ServerSelectionStrategy[Any] = ServerSelectionStrategy(chosen)
    chosen.swap((second,))
    made.follow(chosen)
    assert made.only is second.interactive
    assert made.covering() == [second.interactive]


def test_reads_go_elsewhere_once_that_is_configured() -> None:
    primary, replica = server("primary"), server("replica")
    made: ServerSelectionStrategy[Any] = ServerSelectionStrategy(strategy(primary, replica))
    assert made.select(GET, CallOptions(), ()) is primary.interactive
    made.reconfigure(ReadFrom.REPLICA)
    assert made.select(GET, CallOptions(), ()) is replica.interactive
    assert not made.is_steady(GET)
    assert made.is_steady(SET)


def test_one_command_may_name_all_keys_of_servers_that_have_the_same() -> None:
    made: ServerSelectionStrategy[Any] = ServerSelectionStrategy(strategy(server("primary"), server("replica")))
    assert made.groups(iter((b"a", "b", 1)), b"") == [[0, 1, 2]]
    assert pinned_to(server("primary").interactive).groups((b"a", b"b"), b"") == [[0, 1]]


def test_without_servers_nothing_is_sent() -> None:
    with pytest.raises(RedisConnectionError, match="GET was not sent"):
        strategy().select(GET, CallOptions())


@pytest.mark.parametrize(
    ("servers", "chosen"),
    [
        ([("replica", True), ("primary", True)], 1),
        ([("primary", False), (None, True)], 1),  # one that is up and may be the primary
        ([("replica", True), ("primary", False)], 1),  # writes wait for the primary
        ([(None, True), ("primary", True)], 1),
        ([(None, False), (None, False)], 0),
        ([("replica", True), (None, False)], 1),
        ([("replica", False), ("replica", True)], 1),
    ],
)
def test_writes_go_to_a_primary_or_wait_for_one(servers: list[tuple[str | None, bool]], chosen: int) -> None:
    made = [server(role, connected) for role, connected in servers]
    assert strategy(*made).select(SET, CallOptions()) is made[chosen].interactive


def reads(made: ByRole[Any], **call: Any) -> set[Any]:
    return {made.select(GET, CallOptions(**call)) for _ in range(8)}


def test_reads_go_where_they_are_wished_to() -> None:
    primary, first, second = server("primary"), server("replica"), server("replica")
    everyone = {primary.interactive, first.interactive, second.interactive}
    replicas = everyone - {primary.interactive}
    for wish, expected in (
        (ReadFrom.PRIMARY, {primary.interactive}),
        (ReadFrom.PREFER_PRIMARY, {primary.interactive}),
        (ReadFrom.REPLICA, replicas),
        (ReadFrom.PREFER_REPLICA, replicas),
        (ReadFrom.ANY, everyone),
    ):
        assert reads(strategy(primary, first, second, read_from=wish)) == expected
        assert reads(strategy(primary, first, second), read_from=wish) == expected  # a handle's own wish
        assert strategy(primary, first, second, read_from=wish).select(SET, CallOptions()) is primary.interactive


def test_reads_step_aside_where_they_may() -> None:
    primary, replica = server("primary"), server("replica", connected=False)
    assert reads(strategy(primary, replica, read_from=ReadFrom.PREFER_REPLICA)) == {primary.interactive}
    down = server("primary", connected=False)
    up = server("replica")
    assert reads(strategy(down, up, read_from=ReadFrom.PREFER_PRIMARY)) == {up.interactive}
    with pytest.raises(RedisConnectionError, match="no replica"):
        strategy(server("primary"), server("primary"), read_from=ReadFrom.REPLICA).select(GET, CallOptions())
