"""A connection's protocol state: whatever is taken and however replies are cut, each goes to its own message."""

from __future__ import annotations

import re
from collections import deque
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from multiplexer.core.call_options import ANY_DATABASE
from multiplexer.core.high_integrity import HighIntegrityConnection
from multiplexer.core.message import ANSWERED, DEAD, QUEUED, WRITTEN, commands_in
from multiplexer.core.physical_connection import PhysicalConnection, SubscriptionMessage
from multiplexer.core.wire.resp import LARGE
from multiplexer.errors import ProtocolError, RedisError, ResponseError

from .engine import Remembering, RememberingUnit, connection, feed

REFUSED = 9
#: What a connection that has its replies proven has echoed.
TOKEN = re.compile(rb"[0-9a-f]{16}-[0-9a-f]{8}")


class Server:
    """Answers what it is sent as a server does; its words are ``ECHO``, ``SELECT`` and (un)subscribing."""

    def __init__(self) -> None:
        self.database = 0
        self.executed: list[tuple[int, bytes]] = []
        self._rest = b""

    def answer(self, sent: bytes) -> bytes:
        """Return the replies to what can be read by now; every word must be one whole command."""
        self._rest += sent
        out = b""
        while (command := self._next()) is not None:
            out += self._execute(*command)
        return out

    def _next(self) -> list[bytes] | None:
        if not self._rest:
            return None
        header, _, rest = self._rest.partition(b"\r\n")
        assert header[:1] == b"*"
        words = []
        for _ in range(int(header[1:])):
            length, _, rest = rest.partition(b"\r\n")
            assert length[:1] == b"$"
            size = int(length[1:])
            assert len(rest) >= size + 2, "half a command was written"
            words.append(rest[:size])
            rest = rest[size + 2 :]
        self._rest = rest
        return words

    def _execute(self, name: bytes, *words: bytes) -> bytes:
        if name == b"SELECT":
            if int(words[0]) == REFUSED:
                return b"-ERR DB index is out of range\r\n"
            self.database = int(words[0])
            return b"+OK\r\n"
        if name in (b"SUBSCRIBE", b"UNSUBSCRIBE"):
            return b"".join(
                b">3\r\n"
                + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in (name.lower(), channel))
                + b":1\r\n"
                for channel in words
            )
        assert name == b"ECHO"
        if not TOKEN.fullmatch(words[0]):
            self.executed.append((self.database, words[0]))
        return b"$%d\r\n%s\r\n" % (len(words[0]), words[0])


commands = st.one_of(
    st.tuples(st.just("echo"), st.sampled_from([0, 0, 0, 1, 2, REFUSED]), st.sampled_from([0, 5, LARGE])),
    st.tuples(st.just("unit"), st.sampled_from([0, 1, REFUSED]), st.integers(1, 4)),
    st.tuples(st.just("subscribe"), st.integers(1, 3)),
    st.tuples(st.just("cancelled")),
    st.tuples(st.just("push")),
    st.tuples(st.just("take"), st.integers(1, 5)),
    st.tuples(st.just("read"), st.integers(1, 60)),
)


@pytest.mark.parametrize("kind", [PhysicalConnection, HighIntegrityConnection])
@settings(max_examples=300)
@given(steps=st.lists(commands, max_size=40))
def test_every_reply_goes_to_its_own_message(kind: type[PhysicalConnection], steps: list[tuple[Any, ...]]) -> None:
    pushes: list[Any] = []
    up = connection(pushes, kind=kind)
    up.enter(1, 0)
    server = Server()
    backlog: deque[Any] = deque()
    messages: list[tuple[Any, int, Any]] = []
    cancelled: list[Remembering] = []
    confirmed: list[int] = []
    subscriptions = published = 0
    arriving = b""

    def take(most: int) -> None:
        nonlocal arriving
        arriving += server.answer(b"".join(up.take(backlog, 1.0, most)))

    def read(size: int) -> None:
        nonlocal arriving
        piece, arriving = arriving[:size], arriving[size:]
        if piece:
            feed(up, piece)
        if up.resume:
            up.resume = False
            take(1000)

    for number, (what, *details) in enumerate(steps):
        assert up.counters.operation_count == up.counters.answered + commands_in(up.sent)
        word = b"%d|" % number
        if what == "echo":
            database, size = details
            message: Any = Remembering("ECHO", word + b"x" * size, database=database)
            messages.append((message, database, word + b"x" * size))
            backlog.append(message)
        elif what == "unit":
            database, count = details
            words = [word + b"%d" % place for place in range(count)]
            message = RememberingUnit(*[("ECHO", each) for each in words], database=database)
            messages.append((message, database, words))
            backlog.append(message)
        elif what == "subscribe":
            channels = tuple(word + b"%d" % place for place in range(details[0]))
            backlog.append(SubscriptionMessage("SUBSCRIBE", channels, lambda reply: confirmed.append(reply)))
            subscriptions += 1
        elif what == "cancelled":
            message = Remembering("ECHO", "never")
            message.phase = DEAD
            cancelled.append(message)
            backlog.append(message)
        elif what == "push":
            # A server pushes between replies, never within one.
            if not arriving:
                arriving += b">2\r\n$10\r\ninvalidate\r\n*1\r\n$1\r\nk\r\n"
                published += 1
        elif what == "take":
            take(details[0])
        else:
            read(details[0])
    take(1000)
    while arriving:
        read(1000)
    assert not up.sent
    assert not backlog
    for message, database, expected in messages:
        if database == REFUSED:
            assert isinstance(message.reply, ResponseError)
        else:
            assert message.reply == expected
            for each in expected if isinstance(expected, list) else [expected]:
                assert (database, each) in server.executed
    assert not any(word.startswith(b"never") for _, word in server.executed)
    assert not any(message.replies_given for message in cancelled)
    assert confirmed == [None] * subscriptions
    assert len(pushes) == published
    # Each was executed once, in the order it was queued (a refused one not at all).
    sent = [
        (database, each)
        for _, database, expected in messages
        if database != REFUSED
        for each in (expected if isinstance(expected, list) else [expected])
    ]
    assert server.executed == sent


def taken(up: PhysicalConnection, *messages: Any) -> bytes:
    return b"".join(up.take(deque(messages), 1.0))


def test_phases_follow_the_message() -> None:
    up = connection()
    message = Remembering("GET", "key")
    assert message.phase == QUEUED
    assert taken(up, message) == b"*2\r\n$3\r\nGET\r\n$3\r\nkey\r\n"
    assert message.phase == WRITTEN
    assert message.sent_at == 1.0
    feed(up, b"$1\r\nx\r\n")
    assert message.phase == ANSWERED
    assert message.reply == b"x"


def test_no_more_than_asked_for_are_taken_and_they_leave_in_one_buffer() -> None:
    up = connection()
    backlog: deque[Any] = deque(Remembering("GET", str(number)) for number in range(5))
    (buffer,) = up.take(backlog, 1.0, 3)
    assert buffer.count(b"GET") == 3
    assert len(backlog) == 2
    assert len(up.sent) == 3
    assert up.counters.largest_batch == 3
    assert up.counters.flushes == 1


def test_large_values_leave_uncopied_between_their_neighbours() -> None:
    up = connection()
    value = b"x" * LARGE
    first, large, last = Remembering("GET", "a"), Remembering("SET", "key", value), Remembering("GET", "b")
    buffers = up.take(deque([first, large, last]), 1.0)
    assert any(buffer is value for buffer in buffers)
    assert b"".join(buffers) == b"".join(
        part
        for message in (first, large, last)
        for part in (message.payload if isinstance(message.payload, tuple) else (message.payload,))
    )


@pytest.mark.parametrize(
    "wire", [b"+stray\r\n", b"$3\r\nabc\r\n", b"-ERR stray\r\n", b"*1\r\n:1\r\n", b"%1\r\n:1\r\n:2\r\n"]
)
def test_a_reply_nobody_asked_for_ends_the_connection(wire: bytes) -> None:
    with pytest.raises(ProtocolError, match="nobody asked for"):
        feed(connection(), wire)


def test_a_stray_reply_behind_a_good_one_is_given_to_nobody() -> None:
    up = connection()
    message = Remembering("GET", "key")
    taken(up, message)
    with pytest.raises(ProtocolError, match="nobody asked for"):
        feed(up, b"+mine\r\n+stray\r\n")
    assert message.reply == b"mine"


def test_a_stray_reply_is_described_without_its_content() -> None:
    with pytest.raises(ProtocolError) as caught:
        feed(connection(), b"$6\r\nsecret\r\n")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("wire", [b">0\r\n", b">1\r\n+subscribe\r\n", b">1\r\n*0\r\n", b"%1\r\n*0\r\n+x\r\n", b"?\r\n"])
def test_what_cannot_be_understood_is_a_protocol_error(wire: bytes) -> None:
    up = connection()
    taken(up, SubscriptionMessage("SUBSCRIBE", (b"news",)), Remembering("GET", "key"))
    with pytest.raises(ProtocolError):
        feed(up, wire)


def test_a_new_database_waits_for_the_servers_consent() -> None:
    up = connection()
    backlog: deque[Any] = deque([Remembering("GET", "a"), Remembering("GET", "b", database=3), Remembering("GET", "c")])
    written = b"".join(up.take(backlog, 1.0))
    assert written.endswith(b"SELECT\r\n$1\r\n3\r\n")
    assert up.holding
    assert up.take(backlog, 1.0) == []
    assert not up.put(Remembering("GET", "x"), 1.0)
    feed(up, b"$1\r\na\r\n")
    assert up.holding
    feed(up, b"+OK\r\n")
    assert not up.holding
    assert up.resume
    assert up.database == 3
    written = b"".join(up.take(backlog, 1.0))  # b, then back to 0 at once, for that one is known
    assert written.count(b"SELECT") == 1
    assert not up.holding


def test_a_refused_database_fails_its_own_messages_only() -> None:
    up = connection()
    first, second, other = (
        Remembering("GET", "a", database=3),
        Remembering("GET", "b", database=3),
        Remembering("GET", "c"),
    )
    backlog: deque[Any] = deque([first, other, second])
    up.take(backlog, 1.0)
    feed(up, b"-ERR DB index is out of range\r\n")
    assert b"".join(up.take(backlog, 1.0)) == other.payload
    assert "out of range" in str(first.reply)
    assert "out of range" in str(second.reply)
    feed(up, b"+mine\r\n")
    assert other.reply == b"mine"


def test_a_database_that_is_refused_later_ends_the_connection() -> None:
    """The commands behind it ran in the database before: nothing that follows may pass for an answer."""
    up = connection()
    up.enter(7, 3)
    behind = Remembering("GET", "a")
    taken(up, behind)
    with pytest.raises(ProtocolError, match="database 0"):
        feed(up, b"-NOPERM no\r\n$5\r\nwrong\r\n")
    assert behind.replies_given == []


def test_messages_for_any_database_select_none() -> None:
    up = connection()
    up.enter(7, 5)
    message = Remembering("PING")
    message.options = ANY_DATABASE
    assert b"SELECT" not in taken(up, message)


def test_put_passes_only_what_is_simple() -> None:
    up = connection()
    message = Remembering("GET", "key")
    assert up.put(message, 2.0)
    assert list(up.sent) == [message]
    assert (message.phase, message.sent_at) == (WRITTEN, 2.0)
    assert not up.put(Remembering("GET", "key", database=1), 2.0)
    assert not up.put(Remembering("SET", "key", b"x" * LARGE), 2.0)
    assert not up.put(RememberingUnit(("GET", "a"), ("GET", "b")), 2.0)


def test_a_refused_subscription_gets_its_error_and_others_theirs() -> None:
    up = connection()
    outcome: list[Any] = []
    taken(up, SubscriptionMessage("SUBSCRIBE", (b"secret",), outcome.append), Remembering("PING"))
    feed(up, b"-NOPERM no\r\n")
    assert [type(reply).__name__ for reply in outcome] == ["NoPermissionError"]


def test_a_subscription_answered_with_a_reply_ends_the_connection() -> None:
    up = connection()
    taken(up, SubscriptionMessage("SUBSCRIBE", (b"news",)))
    with pytest.raises(ProtocolError, match="subscription"):
        feed(up, b"+OK\r\n")


def test_under_resp2_pushes_of_a_subscribing_connection_are_told_apart() -> None:
    pushes: list[Any] = []
    up = connection(pushes)
    up.pushes_are_replies = True
    done: list[Any] = []
    ping = Remembering("PING")
    taken(up, SubscriptionMessage("SUBSCRIBE", (b"news", b"more"), done.append), ping)
    feed(up, b"*3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n")
    assert done == []
    feed(up, b"*3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$2\r\nhi\r\n*3\r\n$9\r\nsubscribe\r\n$4\r\nmore\r\n:2\r\n")
    assert done == [None]
    feed(up, b"*2\r\n$4\r\npong\r\n$0\r\n\r\n")
    assert ping.reply == [b"pong", b""]
    assert pushes == [[b"message", b"news", b"hi"]]


def test_a_confirmation_nobody_waits_for_is_a_push() -> None:
    pushes: list[Any] = []
    up = connection(pushes)
    feed(up, b">3\r\n+unsubscribe\r\n+news\r\n:0\r\n")
    assert pushes == [[b"unsubscribe", b"news", 0]]


def test_a_unit_gets_all_of_its_replies_at_once_and_errors_in_their_places() -> None:
    up = connection()
    unit, after = RememberingUnit(("GET", "a"), ("GET", "b"), ("GET", "c")), Remembering("GET", "d")
    taken(up, unit, after)
    feed(up, b"+1\r\n-ERR x\r\n")
    assert unit.replies_given == []
    feed(up, b">1\r\n+invalidate\r\n+3\r\n+4\r\n")
    first, second, third = unit.reply
    assert (first, str(second), third) == (b"1", "ERR x", b"3")
    assert after.reply == b"4"
    assert up.counters.operation_count == 4
    assert up.counters.completed_asynchronously == 4


def test_drain_gives_everything_up_oldest_first() -> None:
    up = connection()
    messages = [Remembering("GET", str(number)) for number in range(3)]
    taken(up, *messages)
    feed(up, b"+0\r\n")
    assert up.drain() == messages[1:]
    assert up.drain() == []


def test_a_callback_may_fail_only_as_an_error_of_the_protocol() -> None:
    up = connection()
    message = Remembering("GET", "key")
    taken(up, message)
    with pytest.raises(RedisError):
        feed(up, b"%1\r\n%0\r\n:1\r\n")  # a map whose key is a map cannot be a dict
