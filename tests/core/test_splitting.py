"""A batch in a cluster: what goes to which server, and how the replies come together again."""

from __future__ import annotations

from typing import Any

import pytest

from multiplexer.core.call_options import ANY_DATABASE
from multiplexer.core.cluster.splitting import Part, in_batch_order, refused, split
from multiplexer.core.commands.batching import Placed, Queued
from multiplexer.core.commands.command_table import find_command
from multiplexer.core.commands.hash_slots import slot_of
from multiplexer.core.resending import words_of
from multiplexer.core.wire.resp import pack
from multiplexer.errors import (
    ClusterCrossSlotError,
    DataError,
    MovedError,
    RedisConnectionError,
    ResponseError,
    TryAgainError,
)

from .engine import FIRST, KEYS, SECOND, THIRD, ClusterWorld, cluster

OF_FIRST, OF_SECOND, OF_THIRD = KEYS


def parts_of(
    *commands: tuple[Any, ...], loads: tuple[bytes, ...] = (), world: ClusterWorld | None = None
) -> list[Part]:
    """Split a batch among the servers of a cluster."""
    world = world or cluster()
    queued = [Placed(find_command(words), None, False, words, b"") for words in commands]
    return split(world.coordinator.strategy, ANY_DATABASE, queued, [pack(words) for words in commands], loads)


def words(part: Part) -> list[list[bytes]]:
    return words_of(part.payload)


class TestSplitting:
    def test_every_server_gets_what_its_keys_are_for(self):
        parts = parts_of(
            ("SET", OF_FIRST, 1), ("GET", OF_SECOND), ("INCR", OF_FIRST), ("GET", OF_THIRD), ("GET", OF_SECOND)
        )
        assert [part.bridge.endpoint for part in parts] == [FIRST, SECOND, THIRD]
        assert [part.indexes for part in parts] == [[0, 2], [1, 4], [3]]
        assert words(parts[0]) == [[b"SET", OF_FIRST, b"1"], [b"INCR", OF_FIRST]]
        assert [part.wanted for part in parts] == [2, 2, 1]
        assert [part.preliminary for part in parts] == [0, 0, 0]

    def test_what_was_collected_before_the_cluster_was_known_is_read_again(self):
        commands = [("SET", OF_FIRST, 1), ("GET", OF_SECOND), ("INCR", OF_FIRST)]
        queued = [Queued(find_command(words), None, False) for words in commands]
        parts = split(cluster().coordinator.strategy, ANY_DATABASE, queued, [pack(words) for words in commands], ())
        assert [part.bridge.endpoint for part in parts] == [FIRST, SECOND]
        assert [part.indexes for part in parts] == [[0, 2], [1]]

    def test_a_part_is_as_harmful_to_repeat_as_the_worst_of_its_commands(self):
        writes, reads = parts_of(("GET", OF_FIRST), ("INCR", OF_FIRST), ("GET", OF_SECOND))
        assert writes.command.replay > reads.command.replay

    def test_what_every_server_needs_first(self):
        load = pack(("SCRIPT", "LOAD", "return 1"))
        assert isinstance(load, bytes)
        parts = parts_of(("GET", OF_FIRST), ("GET", OF_SECOND), loads=(load, load))
        assert [part.preliminary for part in parts] == [2, 2]
        assert [part.wanted for part in parts] == [3, 3]
        assert words(parts[1]) == [[b"SCRIPT", b"LOAD", b"return 1"]] * 2 + [[b"GET", OF_SECOND]]

    def test_commands_without_keys_go_anywhere(self):
        parts = parts_of(("PING",), ("PING",), ("PING",))
        assert sorted(index for part in parts for index in part.indexes) == [0, 1, 2]

    def test_large_values_are_not_copied(self):
        value = b"x" * (1 << 20)
        [part] = parts_of(("SET", OF_FIRST, value))
        assert any(piece is value for piece in part.payload)

    def test_nothing_is_sent_where_one_cannot_be(self):
        with pytest.raises(ClusterCrossSlotError):
            parts_of(("GET", OF_FIRST), ("MGET", OF_FIRST, OF_SECOND))
        with pytest.raises(DataError):
            parts_of(("GET", OF_FIRST), ("FLUSHALL",))

    def test_slots_that_have_moved_count_at_once(self):
        world = cluster()
        world.guide.routes.correct(slot_of(OF_FIRST), world.server(SECOND))
        [part] = parts_of(("GET", OF_FIRST), ("GET", OF_SECOND), world=world)
        assert part.bridge.endpoint == SECOND


class TestMerging:
    COMMANDS = (("GET", OF_FIRST), ("GET", OF_SECOND), ("GET", OF_FIRST))

    def test_replies_stand_where_their_commands_did(self):
        parts = parts_of(*self.COMMANDS)
        assert in_batch_order(parts, [[b"one", b"three"], [b"two"]], 3) == [b"one", b"two", b"three"]

    def test_what_only_prepared_is_left_out(self):
        load = pack(("SCRIPT", "LOAD", "return 1"))
        assert isinstance(load, bytes)
        parts = parts_of(*self.COMMANDS, loads=(load,))
        assert in_batch_order(parts, [[b"sha", b"one", b"three"], [b"sha", b"two"]], 3) == [b"one", b"two", b"three"]

    def test_a_part_that_failed_gives_its_error_to_all_its_commands(self):
        error = RedisConnectionError("gone")
        assert in_batch_order(parts_of(*self.COMMANDS), [error, [b"two"]], 3) == [error, b"two", error]

    def test_what_is_no_error_of_a_server_is_raised(self):
        with pytest.raises(KeyboardInterrupt):
            in_batch_order(parts_of(*self.COMMANDS), [KeyboardInterrupt(), [b"two"]], 3)

    def test_a_reply_short_is_found_out(self):
        with pytest.raises(ValueError, match="zip"):
            in_batch_order(parts_of(*self.COMMANDS), [[b"one"], [b"two"]], 3)


def test_what_was_certainly_not_applied_may_be_sent_again():
    [part] = parts_of(*[("INCR", OF_FIRST)] * 5)
    lost = TryAgainError("TRYAGAIN")
    lost.phase = "written"  # not the server's own word
    replies = [1, MovedError("MOVED 1 h:1"), ResponseError("WRONGTYPE"), lost, TryAgainError("TRYAGAIN")]
    assert refused(part, replies) == [1, 4]
