"""Replies that are proven: whatever the server does to them, nobody is given another's."""

from __future__ import annotations

import time
from collections import deque
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from multiplexer.core.call_options import with_asking
from multiplexer.core.high_integrity import HighIntegrityConnection, enumerate_commands
from multiplexer.core.message import WRITTEN
from multiplexer.core.wire.resp import LARGE, pack
from multiplexer.errors import ProtocolError, ResponseError

from .engine import Remembering, RememberingUnit, connection, feed
from .test_physical_connection import TOKEN


def proven() -> Any:
    up = connection(kind=HighIntegrityConnection)
    up.enter(1, 0)
    return up


def replies_to(sent: bytes) -> list[bytes]:
    """Return a reply for each command that was written; that of ``ECHO`` is its word."""
    replies = []
    rest = sent
    while rest:
        header, _, rest = rest.partition(b"\r\n")
        words = []
        for _ in range(int(header[1:])):
            length, _, rest = rest.partition(b"\r\n")
            words.append(rest[: int(length[1:])])
            rest = rest[int(length[1:]) + 2 :]
        replies.append(b"$%d\r\n%s\r\n" % (len(words[-1]), words[-1]))
    return replies


def test_a_token_follows_every_command_and_no_two_are_alike() -> None:
    up = proven()
    messages = [Remembering("ECHO", f"word-{number}") for number in range(5)]
    (sent,) = up.take(deque(messages), 1.0)
    words = [reply.split(b"\r\n")[1] for reply in replies_to(sent)]
    assert words[::2] == [b"word-%d" % number for number in range(5)]
    assert all(TOKEN.fullmatch(token) for token in words[1::2])
    assert len(set(words)) == 10
    other = proven()
    assert not set(words[1::2]) & {reply.split(b"\r\n")[1] for reply in replies_to(other.take(deque(messages), 1.0)[0])}


def test_a_reply_is_handed_over_only_with_its_token() -> None:
    up = proven()
    message = Remembering("ECHO", "word")
    reply, token = replies_to(b"".join(up.take(deque([message]), 1.0)))
    feed(up, reply)
    assert message.phase == WRITTEN
    assert not message.replies_given
    assert list(up.sent) == [message]
    feed(up, token)
    assert message.reply == b"word"
    assert not up.sent


def test_nothing_is_sent_past_the_backlog() -> None:
    assert not proven().put(Remembering("ECHO", "word"), 1.0)


def test_counters_count_commands_and_writes_not_tokens() -> None:
    up = proven()
    up.take(deque([Remembering("GET", "a"), RememberingUnit(("GET", "b"), ("GET", "c")), Remembering("GET", "d")]), 2.0)
    assert up.counters.operation_count == 4
    assert up.counters.flushes == 1
    assert up.counters.largest_batch == 4
    assert up.last_write == 2.0


def test_no_more_than_asked_for_are_taken() -> None:
    up = proven()
    backlog: deque[Any] = deque(Remembering("GET", str(number)) for number in range(5))
    assert b"".join(up.take(backlog, 1.0, 3)).count(b"ECHO") == 3
    assert len(backlog) == 2


def test_large_values_still_leave_uncopied() -> None:
    up = proven()
    value = b"x" * LARGE
    unit = RememberingUnit(("SET", "a", value), ("GET", "b"), ("SET", "c", value, "EX", 5))
    buffers = up.take(deque([Remembering("GET", "a"), Remembering("SET", "key", value), unit]), 1.0)
    assert sum(buffer is value for buffer in buffers) == 3
    for reply in replies_to(b"".join(buffers)):
        feed(up, reply)
    assert unit.reply == [value, b"b", b"5"]


def test_a_transaction_has_one_token_and_a_batch_one_for_each_command() -> None:
    up = proven()
    batch, transaction = (
        RememberingUnit(("GET", "a"), ("GET", "b")),
        RememberingUnit(("MULTI",), ("GET", "a"), ("EXEC",)),
    )
    sent = b"".join(up.take(deque([batch, transaction]), 1.0))
    words = [reply.split(b"\r\n")[1] for reply in replies_to(sent)]
    assert [bool(TOKEN.fullmatch(word)) for word in words] == [False, True, False, True, False, False, False, True]


def test_nothing_comes_between_asking_and_its_command() -> None:
    up = proven()
    message = Remembering("ECHO", "word")
    message.options = with_asking(message.options)
    sent = b"".join(up.take(deque([message]), 1.0))
    asking, echo, token = replies_to(sent)
    assert asking == b"$6\r\nASKING\r\n"
    feed(up, b"+OK\r\n" + echo)
    assert not message.replies_given
    feed(up, token)
    assert message.reply == b"word"
    lost = Remembering("ECHO", "word")
    lost.options = with_asking(lost.options)
    _, echo, token = replies_to(b"".join(up.take(deque([lost]), 1.0)))
    with pytest.raises(ProtocolError):  # where ASKING's reply is lost
        feed(up, echo + token)
    assert not lost.replies_given


def test_large_batches_take_no_longer_per_command_than_small_ones() -> None:
    def seconds(count: int) -> float:
        up = proven()
        unit = RememberingUnit(*[("ECHO", str(number)) for number in range(count)])
        data = b"".join(replies_to(b"".join(up.take(deque([unit]), 1.0))))
        began = time.process_time()
        feed(up, data)
        assert len(unit.reply) == count
        return (time.process_time() - began) / count

    assert min(seconds(5_000) for _ in range(2)) < 4 * min(seconds(250) for _ in range(4))


def test_another_name_for_echo() -> None:
    up = proven()
    up.echo_as("SAY")
    assert b"".join(up.take(deque([Remembering("GET", "a")]), 1.0)).count(b"$3\r\nSAY\r\n") == 1


def test_echo_refused_by_the_server_says_so() -> None:
    up = proven()
    up.take(deque([Remembering("GET", "a")]), 1.0)
    with pytest.raises(ProtocolError, match=r"refused the ECHO.*NOPERM"):
        feed(up, b"+OK\r\n-NOPERM no ECHO\r\n")


def test_an_error_is_a_reply_like_any_other() -> None:
    up = proven()
    message = Remembering("ECHO", "word")
    _, token = replies_to(b"".join(up.take(deque([message]), 1.0)))
    feed(up, b"-ERR no\r\n" + token)
    assert isinstance(message.reply, ResponseError)


def test_a_map_that_cannot_be_built() -> None:
    up = proven()
    up.take(deque([Remembering("GET", "a")]), 1.0)
    with pytest.raises(ProtocolError, match="represented"):
        feed(up, b"%1\r\n*0\r\n:1\r\n")


#: Replies that are lost or doubled, as many as may be, or one that is made up or changes its place. (Were one lost and
#: another put in its place, only who sent that one could tell.)
faults = st.one_of(
    *[st.lists(st.tuples(st.just(kind), st.integers(0, 100)), min_size=1, max_size=4) for kind in ("drop", "double")],
    st.tuples(st.sampled_from(["insert", "swap"]), st.integers(0, 100)).map(lambda fault: [fault]),
)


def spoil(replies: list[bytes], fault: str, place: int) -> None:
    """Do something to the replies under way."""
    at = place % max(len(replies), 1)
    if fault == "drop":
        del replies[at : at + 1]
    elif fault == "double":
        replies.insert(at, replies[at])
    elif fault == "insert":
        replies.insert(at, b"$5\r\nstray\r\n")
    else:
        replies[at - 1], replies[at] = replies[at], replies[at - 1]


def batch(*words: str) -> tuple[Any, Any]:
    return RememberingUnit(*[("ECHO", word) for word in words]), [word.encode() for word in words]


def transaction(*words: str) -> tuple[Any, Any]:
    unit = RememberingUnit(("MULTI",), *[("ECHO", word) for word in words], ("EXEC",))
    return unit, [b"MULTI", *[word.encode() for word in words], b"EXEC"]


def assert_noticed(messages: list[tuple[Any, Any]], faults: list[tuple[str, int]]) -> None:
    """Spoil the replies to messages, and see that each has its own reply or none, and one at least has none."""
    up = proven()
    replies = replies_to(b"".join(up.take(deque(message for message, _ in messages), 1.0)))
    original = [*replies]
    for fault, place in faults:
        spoil(replies, fault, place)
    refused = False
    try:
        for reply in replies:
            feed(up, reply)
    except ProtocolError:
        refused = True
    for message, expected in messages:
        assert message.replies_given in ([], [expected])
    assert refused or up.sent or replies == original


@settings(max_examples=600)
@given(st.lists(st.booleans(), min_size=1, max_size=6), faults)
def test_whatever_becomes_of_the_replies_nobody_has_a_wrong_one(
    shapes: list[bool], faults: list[tuple[str, int]]
) -> None:
    messages = []
    for number, many in enumerate(shapes):
        words = [f"{number}.{place}" for place in range(3)]
        messages.append(batch(*words) if many else (Remembering("ECHO", words[0]), words[0].encode()))
    assert_noticed(messages, faults)


@settings(max_examples=200)
@given(
    st.lists(st.booleans(), min_size=1, max_size=4), st.sampled_from(["drop", "double", "insert"]), st.integers(0, 99)
)
def test_a_transaction_whose_replies_are_too_few_or_too_many(shapes: list[bool], fault: str, place: int) -> None:
    messages = [transaction(f"{n}.1", f"{n}.2") if many else batch(f"{n}") for n, many in enumerate(shapes)]
    assert_noticed(messages, [(fault, place)])


words = st.one_of(st.binary(max_size=20), st.integers(0, 9), st.sampled_from([b"x" * LARGE, b"\r\n*2\r\n" * LARGE]))


@given(st.lists(st.lists(words, min_size=1, max_size=4), min_size=1, max_size=6))
def test_commands_are_taken_apart_where_they_end(commands: list[list[Any]]) -> None:
    packed = [pack(command) for command in commands]
    parts: list[bytes] = []
    for payload in packed:
        parts += (payload,) if isinstance(payload, bytes) else payload
    for form in (parts, [b"".join(parts)]):
        found, current = [], b""
        for ends, part in enumerate_commands(form):
            current += part
            if ends:
                found.append(current)
                current = b""
        assert not current
        assert found == [payload if isinstance(payload, bytes) else b"".join(payload) for payload in packed]
