"""Batches and transactions: what is sent for them, and what their replies mean."""

from __future__ import annotations

from typing import Any

import pytest

from multiplexer import ReplayCategory
from multiplexer.core.commands.batching import (
    Placed,
    Queued,
    batch_command,
    batch_results,
    in_transaction,
    joined,
    transaction_command,
    transaction_results,
)
from multiplexer.core.commands.command_table import find_command
from multiplexer.core.commands.hash_slots import NO_SLOT, UNKNOWN_SLOT, slot_of
from multiplexer.core.wire.resp import LARGE, pack
from multiplexer.errors import ExecAbortError, RedisConnectionError, RedisError, ResponseError


def queued(*words: Any, convert: Any = None, decode: bool = False) -> Queued:
    return Queued(find_command(words), convert, decode)


def test_small_commands_leave_as_one_buffer_and_large_values_as_they_are() -> None:
    value = b"x" * LARGE
    small = [b"first", b"second"]
    assert joined(small) == (b"firstsecond",)
    large = pack(("SET", "a", value))
    parts = joined([large, b"second"])
    assert any(part is value for part in parts)
    assert b"".join(parts) == b"".join(large) + b"second"  # type: ignore[arg-type]


def test_a_transaction_is_wrapped() -> None:
    wire = b"".join(joined(in_transaction([pack(("GET", "a"))])))
    assert wire == b"*1\r\n$5\r\nMULTI\r\n*2\r\n$3\r\nGET\r\n$1\r\na\r\n*1\r\n$4\r\nEXEC\r\n"


def test_a_batch_is_as_harmful_to_repeat_as_its_worst_command() -> None:
    reads = [queued("GET", "a"), queued("MGET", "a", "b")]
    assert batch_command(reads).replay == ReplayCategory.READ_ONLY
    assert batch_command([*reads, queued("INCR", "n")]).replay == ReplayCategory.ACCUMULATING
    assert "3 commands" in batch_command([*reads, queued("INCR", "n")]).name
    assert transaction_command(reads).replay == ReplayCategory.NEVER


def test_results_are_converted_and_errors_stand_in_their_places() -> None:
    batch = [
        queued("GET", "a"),
        queued("GET", "b", decode=True),
        queued("INCR", "c", convert=lambda reply: reply * 10),
        queued("GET", "d"),
        queued("GET", "e", decode=True),
        queued("GET", "f", convert=lambda reply: 1 // 0),
    ]
    results = batch_results(batch, [b"1", b"2", 3, ResponseError("ERR x"), b"\xff", b"5"])
    assert results[:3] == [b"1", "2", 30]
    assert [type(error) for error in results[3:]] == [ResponseError, UnicodeDecodeError, ZeroDivisionError]
    assert (results[3].command, results[3].phase) == ("GET", "answered")
    assert batch[0].result() == b"1"
    assert batch[2].result() == 30
    with pytest.raises(ResponseError):
        batch[3].result()


async def test_a_result_can_be_awaited_once_it_is_there() -> None:
    each = queued("GET", "a")
    with pytest.raises(RedisError, match="was not executed"):
        await each
    batch_results([each], [b"1"])
    assert await each == b"1"
    assert "GET" in repr(each)


def test_a_transactions_results_are_what_exec_brought() -> None:
    batch = [queued("GET", "a", decode=True), queued("INCR", "b")]
    error = ResponseError("WRONGTYPE")
    assert transaction_results(batch, [b"OK", b"QUEUED", b"QUEUED", [b"x", error]]) == ["x", error]


def test_an_aborted_transaction_says_what_was_refused() -> None:
    batch = [queued("GET", "a"), queued("INCR", "b")]
    reason = ResponseError("ERR wrong number of arguments")
    with pytest.raises(ExecAbortError) as caught:
        transaction_results(batch, [b"OK", reason, b"QUEUED", ExecAbortError("EXECABORT")])
    assert caught.value.__cause__ is reason
    with pytest.raises(RedisConnectionError):
        transaction_results(batch, [b"OK", b"QUEUED", b"QUEUED", RedisConnectionError("lost")])


@pytest.mark.parametrize(
    ("words", "prefix", "slot"),
    [
        (("SET", "foo", 1), b"", slot_of(b"foo")),
        (("GET", b"{tag}foo"), b"", slot_of(b"tag")),
        (("GET", 17), b"", slot_of(b"17")),
        (("GET", "foo"), b"p:", slot_of(b"p:foo")),
        (("MGET", "{tag}1", "{tag}2"), b"", slot_of(b"tag")),
        (("SPUBLISH", "foo", "message"), b"p:", slot_of(b"p:foo")),
        (("PING",), b"", NO_SLOT),
        (("MGET", "foo", "bar"), b"", UNKNOWN_SLOT),
        (("GET",), b"", NO_SLOT),
    ],
)
def test_the_slot_of_a_collected_command_is_that_of_what_will_be_sent(
    words: tuple[Any, ...], prefix: bytes, slot: int
) -> None:
    assert Placed(find_command(words), None, False, words, prefix).slot == slot
    assert queued(*words).slot == UNKNOWN_SLOT
