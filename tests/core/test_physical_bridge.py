"""The backlog and the decisions about it: what is sent again, what expires, when a peer is given up."""

from __future__ import annotations

from typing import Any

import pytest

from multiplexer import BacklogPolicy, CommandFlags, ReplayCategory
from multiplexer.core.commands.batching import Queued, batch_command
from multiplexer.core.commands.command_table import find_command
from multiplexer.core.message import ANSWERED, DEAD, QUEUED, WRITTEN, Message
from multiplexer.core.physical_bridge import (
    CHECK_EVERY,
    DEAD_AFTER_TIMEOUTS,
    MOST_READONLY_RETRIES,
    MOST_RESENDS,
    MOST_RESENDS_OF_BEGUN,
    BridgeState,
    PhysicalBridge,
)
from multiplexer.core.physical_connection import PhysicalConnection, SubscriptionMessage
from multiplexer.core.resending import Rerouted
from multiplexer.core.wire.resp import pack_command
from multiplexer.errors import (
    AskError,
    BusyLoadingError,
    ClusterDownError,
    MasterDownError,
    MovedError,
    MultiplexerClosedError,
    ProtocolError,
    ReadOnlyError,
    RedisConnectionError,
    ResponseError,
    TryAgainError,
)
from multiplexer.retry import ConstantBackoff, ExponentialBackoff, NoBackoff

from .engine import Remembering, RememberingUnit, bridge, connection, established, feed

LOST = ConnectionResetError("reset by peer")


# -- states ----------------------------------------------------------------------------------------------------


def test_states_from_the_first_attempt_to_the_end() -> None:
    made = bridge()
    assert made.state is BridgeState.DISCONNECTED
    assert made.accepting
    assert not made.ever_established
    made.set_state(BridgeState.CONNECTING)
    made.set_state(BridgeState.ESTABLISHING)
    made.established(connection(), 1.0)
    assert made.state is BridgeState.ESTABLISHED
    assert made.ever_established
    made.lost(LOST, 2.0)
    assert made.state is BridgeState.DISCONNECTED
    assert made.last_error is LOST
    assert made.connection is None
    made.close()
    made.set_state(BridgeState.CONNECTING)
    assert made.state is BridgeState.CLOSED
    assert not made.accepting
    assert "closed" in repr(made)


def test_the_first_attempt_comes_at_once_and_a_connection_that_lasts_begins_anew() -> None:
    made = bridge(reconnect_backoff=ConstantBackoff(2.0))
    assert made.reconnect_delay() == 0.0
    made.connect_failed(LOST, 1.0)
    assert made.reconnect_delay() == 2.0
    made.established(connection(), 2.0)
    made.lost(LOST, 4.0)  # as long as the longest wait
    assert made.reconnect_delay() == 0.0


@pytest.mark.parametrize(
    ("wait", "lasted", "delay"),
    [
        (2.0, 1.9, 2.0),  # not as long as the longest wait
        (0.1, 0.9, 0.1),  # longer than that, but nothing to speak of
        (0.1, 1.0, 0.0),
        (60.0, 4.9, 60.0),
        (60.0, 5.0, 0.0),  # long enough, however long the wait
    ],
)
def test_a_handshake_alone_does_not_end_the_waiting(wait: float, lasted: float, delay: float) -> None:
    made = bridge(reconnect_backoff=ConstantBackoff(wait))
    made.connect_failed(LOST, 1.0)
    made.reconnect_delay()
    made.established(connection(), 100.0)
    assert made.attempts == 0
    made.lost(LOST, 100.0 + lasted)
    assert made.reconnect_delay() == delay


def test_a_peer_that_hangs_up_after_each_handshake_is_waited_for_longer_and_longer() -> None:
    made = bridge(reconnect_backoff=ExponentialBackoff(cap=8.0, base=0.5))
    waits = []
    for number in range(6):
        waits.append(made.reconnect_delay())
        made.established(connection(), number * 10.0)
        made.lost(LOST, number * 10.0 + 0.01)
    assert waits == [0.0, 1.0, 2.0, 4.0, 8.0, 8.0]


def keep_alive_sent() -> tuple[PhysicalBridge, PhysicalConnection]:
    """A bridge whose PING went out at 60 seconds, with nobody waiting."""
    made, up = established(keep_alive=60.0, timeout=5.0)
    assert not made.beat(59.0, 0.0).ping
    assert made.beat(60.0, 0.0).ping
    made.backlog.append(made.keepalive())
    assert up.take(made.backlog, 60.0)
    return made, up


def test_a_keep_alive_that_nobody_answers_ends_the_connection() -> None:
    made, _ = keep_alive_sent()
    assert made.beat(64.9, 0.0).drop is None
    drop = made.beat(65.0, 0.0).drop
    assert "keep-alive PING was not answered within 5.0 s" in str(drop)


def test_a_push_after_a_keep_alive_does_not_stand_for_its_reply() -> None:
    made, up = keep_alive_sent()
    push = b">3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$1\r\nm\r\n"
    up.receive(push, len(push), 60.5)
    assert made.beat(65.4, 0.0).drop is None
    assert made.beat(65.5, 0.0).drop is not None


def test_a_keep_alive_that_is_answered_ends_nothing() -> None:
    made, up = keep_alive_sent()
    up.receive(b"+PONG\r\n", 7, 64.0)
    message = Remembering("GET", "key")
    made.backlog.append(message)
    up.take(made.backlog, 64.5)
    assert made.beat(75.0, 0.0).drop is None  # that one may be slow: its own caller's timeout tells


def test_after_a_stall_the_socket_has_its_turn_before_it_is_judged() -> None:
    made, up = keep_alive_sent()
    assert made.beat(90.0, 29.0).drop is None
    up.receive(b"+PONG\r\n", 7, 90.1)
    assert made.beat(91.0, 0.0).drop is None


def test_a_process_that_is_always_late_finds_a_dead_peer_all_the_same() -> None:
    made, _ = keep_alive_sent()
    assert made.beat(90.0, 1.0).drop is None
    assert made.beat(92.0, 1.0).drop is not None


def test_failing_fast_takes_nothing_while_disconnected() -> None:
    made = bridge(backlog_policy=BacklogPolicy.FAIL_FAST)
    assert not made.accepting
    made.established(connection(), 1.0)
    assert made.accepting
    message = Remembering("GET", "key")
    made.backlog.append(message)
    ((failed, error),) = made.lost(LOST, 2.0)
    assert failed is message
    assert not made.accepting
    assert error.was_sent is False
    assert "FailFast" in str(error)
    assert "reset by peer" in str(error)
    made.backlog.append(message)
    assert [failed for failed, _ in made.connect_failed(LOST, 3.0)] == [message]


def test_draining_takes_nothing_and_sends_nothing_again() -> None:
    made, up = established()
    read = Remembering("GET", "key")
    made.backlog.append(read)
    up.take(made.backlog, 1.0)
    made.drain()
    assert not made.accepting
    ((failed, error),) = made.lost(LOST, 2.0)
    assert failed is read
    assert isinstance(error, MultiplexerClosedError)
    assert error.was_sent


def test_closing_fails_what_is_queued() -> None:
    made, _ = established()
    message = Remembering("SET", "key", "value")
    made.backlog.append(message)
    ((failed, error),) = made.close()
    assert failed is message
    assert isinstance(error, MultiplexerClosedError)
    assert error.was_sent is False


# -- what is sent again ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "limit", "again"),
    [
        (("GET", "key"), ReplayCategory.READ_ONLY, True),
        (("SETNX", "key", "1"), ReplayCategory.READ_ONLY, False),
        (("SETNX", "key", "1"), ReplayCategory.WRITE_CHECKED, True),
        (("SET", "key", "1", "NX"), ReplayCategory.WRITE_CHECKED, True),
        (("SET", "key", "1"), ReplayCategory.WRITE_CHECKED, False),
        (("XADD", "key", "1-1", "f", "v"), ReplayCategory.WRITE_CHECKED, True),
        (("XADD", "key", "*", "f", "v"), ReplayCategory.WRITE_LAST_WINS, False),
        (("SET", "key", "1"), ReplayCategory.WRITE_LAST_WINS, True),
        (("SET", "key", "1", "GET"), ReplayCategory.WRITE_LAST_WINS, False),
        (("INCR", "key"), ReplayCategory.WRITE_LAST_WINS, False),
        (("INCR", "key"), ReplayCategory.ACCUMULATING, True),
        (("EVAL", "return 1", "0"), ReplayCategory.ACCUMULATING, False),
        (("NOSUCHCOMMAND",), ReplayCategory.ACCUMULATING, False),
    ],
)
def test_how_harmful_what_is_sent_again_may_be(words: tuple[str, ...], limit: ReplayCategory, again: bool) -> None:
    made, up = established()
    message = Remembering(*words, retry_up_to=limit)
    made.backlog.append(message)
    up.take(made.backlog, 1.0)
    assert (made.lost(LOST, 2.0) == []) is again
    assert list(made.backlog) == [message] * again


@pytest.mark.parametrize(
    ("commands", "limit", "again"),
    [
        ((("GET", "a"), ("SET", "b", "1", "NX")), ReplayCategory.WRITE_CHECKED, True),
        ((("GET", "a"), ("SET", "b", "1")), ReplayCategory.WRITE_CHECKED, False),
        ((("SET", "a", "1"), ("SET", "b", "1", "GET")), ReplayCategory.WRITE_LAST_WINS, False),
        ((("SET", "a", "1"), ("SET", "b", "1")), ReplayCategory.WRITE_LAST_WINS, True),
    ],
)
def test_a_batch_is_as_harmful_as_its_worst_member(
    commands: tuple[tuple[str, ...], ...], limit: ReplayCategory, again: bool
) -> None:
    made, up = established()
    queued = [Queued(find_command(words), None, False) for words in commands]
    message = Remembering("PING", retry_up_to=limit)
    message.command = batch_command(queued)
    message.payload = b"".join(pack_command(words) for words in commands)
    made.backlog.append(message)
    up.take(made.backlog, 1.0)
    assert (made.lost(LOST, 2.0) == []) is again


@pytest.mark.parametrize(
    ("words", "flags", "again"),
    [
        (("GET", "key"), CommandFlags.NONE, True),
        (("PING",), CommandFlags.NONE, True),
        (("GET", "key"), CommandFlags.NO_RETRY, False),
        (("SETNX", "key", "1"), CommandFlags.NONE, False),
        (("SET", "key", "1"), CommandFlags.NONE, False),
        (("INCR", "key"), CommandFlags.NONE, False),
        (("SETNX", "key", "1"), CommandFlags.RETRY_WRITES, True),
        (("SET", "key", "1"), CommandFlags.RETRY_WRITES, True),
        (("INCR", "key"), CommandFlags.RETRY_WRITES, True),
        (("INCR", "key"), CommandFlags.RETRY_WRITES | CommandFlags.NO_RETRY, False),
        (("FLUSHALL",), CommandFlags.RETRY_WRITES, False),
        (("EVAL", "return 1", "0"), CommandFlags.RETRY_WRITES, False),
        (("NOSUCHCOMMAND",), CommandFlags.RETRY_WRITES, False),
    ],
)
def test_what_is_sent_again_when_its_connection_breaks(
    words: tuple[str, ...], flags: CommandFlags, again: bool
) -> None:
    made, up = established()
    message = Remembering(*words, flags=flags)
    made.backlog.append(message)
    up.take(made.backlog, 1.0)
    failed = made.lost(LOST, 2.0)
    if again:
        assert failed == []
        assert list(made.backlog) == [message]
        assert (message.phase, message.attempts) == (QUEUED, 1)
        assert made.counters.retried == 1
    else:
        ((lost, error),) = failed
        assert lost is message
        assert not made.backlog
        assert isinstance(error, RedisConnectionError)
        assert error.was_sent
        assert error.command == words[0]
        assert error.endpoint == "server:6379"
        assert error.__cause__ is LOST
        assert "may have been applied" in str(error)


def test_what_is_sent_again_keeps_its_order_and_comes_first() -> None:
    made, up = established()
    reads = [Remembering("GET", str(number)) for number in range(3)]
    made.backlog.extend([reads[0], Remembering("INCR", "key"), *reads[1:]])
    up.take(made.backlog, 1.0)
    queued = Remembering("GET", "queued")
    made.backlog.append(queued)
    assert len(made.lost(LOST, 2.0)) == 1
    assert list(made.backlog) == [*reads, queued]


def test_it_is_not_sent_again_for_ever() -> None:
    """It may be what breaks the connection."""
    made, up = established()
    message = Remembering("GET", "key")
    made.backlog.append(message)
    for _ in range(MOST_RESENDS):
        up.take(made.backlog, 1.0)
        assert made.lost(LOST, 2.0) == []
        up = connection()
        made.established(up, 3.0)
    up.take(made.backlog, 1.0)
    assert [lost for lost, _ in made.lost(LOST, 4.0)] == [message]


@pytest.mark.parametrize("begun", [b"$1000\r\n", b"+1\r\n", b"+1\r\n+2"])
def test_what_had_begun_to_be_answered_is_sent_again_once(begun: bytes) -> None:
    """The server may close the connection each time it has sent so much of that reply."""
    made, up = established()
    unit = RememberingUnit(("GET", "a"), ("GET", "b"))
    unit.command = Remembering("GET", "a").command
    other = Remembering("GET", "key")
    made.backlog.extend([unit, other])
    for _ in range(MOST_RESENDS_OF_BEGUN):
        up.take(made.backlog, 1.0)
        feed(up, begun)
        assert made.lost(LOST, 2.0) == []
        up = connection()
        made.established(up, 3.0)
    up.take(made.backlog, 1.0)
    feed(up, begun)
    assert [lost for lost, _ in made.lost(LOST, 4.0)] == [unit]
    assert list(made.backlog) == [other]


def test_neither_expired_nor_forgotten_nor_internal_messages_are_sent_again() -> None:
    made, up = established()
    expired = Remembering("GET", "a", deadline=2.0)
    forgotten = Remembering("GET", "b")
    forgotten.forgotten = True
    internal = made.keepalive()
    subscription = SubscriptionMessage("SUBSCRIBE", (b"news",))
    made.backlog.extend([expired, forgotten, internal, subscription])
    up.take(made.backlog, 1.0)
    assert [message for message, _ in made.lost(LOST, 2.0)] == [expired, forgotten, internal, subscription]
    assert not made.backlog


def test_a_unit_that_is_sent_again_forgets_the_replies_it_had() -> None:
    made, up = established()
    unit = RememberingUnit(("GET", "a"), ("GET", "b"))
    unit.command = Remembering("GET", "a").command
    made.backlog.append(unit)
    up.take(made.backlog, 1.0)
    feed(up, b"+half\r\n")
    assert made.lost(LOST, 2.0) == []
    again = connection()
    made.established(again, 3.0)
    again.take(made.backlog, 3.0)
    feed(again, b"+1\r\n+2\r\n")
    assert unit.reply == [b"1", b"2"]


def test_a_protocol_error_is_called_one() -> None:
    made, up = established()
    made.backlog.append(Remembering("INCR", "key"))
    up.take(made.backlog, 1.0)
    ((_, error),) = made.lost(ProtocolError("not RESP"), 2.0)
    assert type(error) is ProtocolError
    assert "not RESP" in str(error)


def test_what_was_taken_for_a_connection_that_is_gone_is_given_up_like_the_rest() -> None:
    made, up = established()
    made.lost(LOST, 2.0)
    read, write = Remembering("GET", "a"), Remembering("INCR", "b")
    made.backlog.extend([read, write])
    up.take(made.backlog, 2.0)
    assert [message for message, _ in made.give_up(up, LOST, 2.0)] == [write]
    assert list(made.backlog) == [read]


# -- replies that say "not applied" ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "again", "role"),
    [
        (BusyLoadingError("LOADING"), True, False),
        (AskError("ASK 1 other:1"), False, True),
        (TryAgainError("TRYAGAIN"), True, True),
        (ClusterDownError("CLUSTERDOWN"), True, True),
        (MasterDownError("MASTERDOWN"), True, True),
        (ReadOnlyError("READONLY"), True, True),
        (MovedError("MOVED 1 other:1"), False, True),
        (ResponseError("ERR"), False, False),
    ],
)
def test_what_is_tried_again_after_a_refusal(error: Any, again: bool, role: bool) -> None:
    made, _ = established(reconnect_backoff=ConstantBackoff(0.5))
    message = Remembering("INCR", "key", deadline=10.0)
    assert made.retry_delay(message, error, 1.0) == (0.5 if again else None)
    assert made.needs_role_check(error) is role
    careful = Remembering("INCR", "key", deadline=10.0, flags=CommandFlags.NO_RETRY)
    assert made.retry_delay(careful, error, 1.0) is None
    assert made.retry_delay(made.keepalive(), error, 1.0) is None


def test_no_attempt_is_made_that_could_only_come_too_late() -> None:
    made, _ = established(reconnect_backoff=ConstantBackoff(0.5))
    assert made.retry_delay(Remembering("GET", "a", deadline=1.5), BusyLoadingError("LOADING"), 1.0) is None
    assert made.retry_delay(Remembering("GET", "a", deadline=1.6), BusyLoadingError("LOADING"), 1.0) == 0.5


def test_readonly_is_tried_a_few_times_only_and_never_without_a_pause() -> None:
    made, _ = established(reconnect_backoff=NoBackoff())
    message = Remembering("SET", "key", "value")
    for _ in range(MOST_READONLY_RETRIES):
        delay = made.retry_delay(message, ReadOnlyError("READONLY"), 1.0)
        assert delay is not None
        assert delay > 0
        message.restart()
    assert made.retry_delay(message, ReadOnlyError("READONLY"), 1.0) is None
    assert made.retry_delay(message, BusyLoadingError("LOADING"), 1.0) is not None


def test_a_handles_own_back_off_wins() -> None:
    made, _ = established(reconnect_backoff=ConstantBackoff(0.5))
    message = Remembering("GET", "key")
    message.options = message.options.replace(retry=ConstantBackoff(0.1))
    assert made.retry_delay(message, TryAgainError("TRYAGAIN"), 1.0) == 0.1


# -- time ------------------------------------------------------------------------------------------------------


def test_what_expires_in_the_backlog_is_never_sent() -> None:
    made, up = established()
    early, late = Remembering("GET", "a", deadline=5.0), Remembering("GET", "b", deadline=9.0)
    made.backlog.extend([early, late])
    assert made.beat(4.9, 0.0).expired == []
    assert made.beat(5.0, 0.0).expired == [early]
    assert early.phase == DEAD
    assert early.phase >= ANSWERED
    assert b"".join(up.take(made.backlog, 6.0)) == late.payload


def test_a_sent_message_keeps_its_place_after_its_deadline() -> None:
    made, up = established()
    message, after = Remembering("GET", "a", deadline=2.0), Remembering("GET", "b")
    made.backlog.extend([message, after])
    up.take(made.backlog, 1.0)
    assert made.beat(3.0, 0.0).expired == []
    assert not made.withdraw(message)
    assert message.phase == WRITTEN
    feed(up, b"+a\r\n+b\r\n")
    assert after.reply == b"b"


def test_withdrawing_tells_whether_it_was_sent() -> None:
    made, up = established()
    first, second = Remembering("GET", "a"), Remembering("GET", "b")
    made.backlog.extend([first, second])
    assert made.withdraw(second)
    up.take(made.backlog, 1.0)
    assert not made.withdraw(first)
    assert not made.withdraw(second)


def test_an_idle_connection_is_kept_alive() -> None:
    made, up = established(keep_alive=10.0)
    assert not made.beat(9.9, 0.0).ping
    assert made.beat(10.0, 0.0).ping
    made.backlog.append(made.keepalive())
    up.take(made.backlog, 10.0)
    assert not made.beat(25.0, 0.0).ping  # something is on its way
    feed(up, b"+PONG\r\n", 10.1)
    assert not made.beat(19.9, 0.0).ping
    assert made.beat(20.0, 0.0).ping
    silent, _ = established(keep_alive=0.0)
    assert not silent.beat(1e6, 0.0).ping


def test_a_silent_peer_is_given_up_after_a_timeout_and_four_times_as_long() -> None:
    made, up = established(sync_timeout=2.0, async_timeout=1.0)
    silence = DEAD_AFTER_TIMEOUTS * 2.0
    made.backlog.append(Remembering("GET", "key"))
    up.take(made.backlog, 10.0)
    assert made.beat(10.0 + silence + 1, 0.0).drop is None  # nothing has timed out: nobody may have wanted an answer
    made.note_timeout(12.0)
    assert made.beat(10.0 + silence, 0.0).drop is None
    assert made.beat(10.0 + silence + 0.1, 0.0).drop is not None


def test_a_peer_that_says_something_is_not_given_up() -> None:
    made, up = established(sync_timeout=2.0)
    made.backlog.append(Remembering("GET", "key"))
    up.take(made.backlog, 10.0)
    made.note_timeout(12.0)
    feed(up, b"$1000\r\nbeginning", 13.0)
    assert made.beat(30.0, 0.0).drop is None
    made.note_timeout(14.0)
    assert made.beat(30.0, 0.0).drop is not None


# -- bounds ----------------------------------------------------------------------------------------------------


def test_the_bound_counts_queued_and_sent() -> None:
    made, up = established(max_pending=3)
    assert made.check_from == 3
    made.backlog.extend([Remembering("GET", "a"), Remembering("GET", "b")])
    up.take(made.backlog, 1.0)
    assert made.headroom()[0] == 1
    assert not made.is_full()
    made.backlog.append(Remembering("GET", "c"))
    assert made.is_full()
    error = made.full_error(Remembering("GET", "d"))
    assert "max_pending=3" in str(error)
    assert error.was_sent is False
    feed(up, b"+a\r\n")
    assert not made.is_full()


def test_the_bound_on_bytes_counts_what_is_queued() -> None:
    made = bridge(max_pending_bytes=100_000)
    made.backlog.append(Remembering("SET", "key", b"x" * 60_000))
    assert not made.is_full()
    made.backlog.append(Remembering("SET", "key", b"x" * 60_000))
    assert made.is_full()
    made.backlog.popleft()
    assert not made.is_full()


def test_the_bounds_are_looked_at_now_and_then() -> None:
    made, _ = established(max_pending=10 * CHECK_EVERY)
    assert made.check_from == CHECK_EVERY
    made.headroom()
    assert made.check_from == CHECK_EVERY
    made.backlog.extend(Remembering("PING") for _ in range(CHECK_EVERY))
    made.headroom()
    assert made.check_from == 2 * CHECK_EVERY
    made.forget_check()
    assert made.check_from == CHECK_EVERY


def test_status_holds_state_and_counters() -> None:
    made, up = established()
    up.enter(42, 0)
    made.backlog.append(Remembering("GET", "a"))
    status = made.status()
    assert status["state"] == "established"
    assert status["client_id"] == 42
    assert status["pending_unsent_items"] == 1
    made.lost(LOST, 1.0)
    assert made.status()["last_error"] == "ConnectionResetError: reset by peer"


def test_a_reply_that_makes_no_progress_ends_the_connection() -> None:
    made, up = established(timeout=5.0)
    made.backlog.append(Remembering("GET", "a", deadline=5.0))
    up.take(made.backlog, 0.0)
    assert made.beat(0.0, 0.0).drop is None
    feed(up, b"$1000000\r\n")
    for now in range(1, 21):
        feed(up, b"x", float(now))  # alive, and yet
        made.note_timeout(5.0)
        assert made.beat(float(now), 0.0).drop is None
    assert "no reply has come to its end for 21.0 s" in str(made.beat(21.0, 0.0).drop)


def test_a_large_reply_that_goes_on_is_waited_for_up_to_a_bound() -> None:
    made, up = established(timeout=5.0, max_reply_bytes=2_000_000)
    made.backlog.append(Remembering("GET", "a", deadline=5.0))
    up.take(made.backlog, 0.0)
    feed(up, b"$1000000000\r\n")
    for now in range(0, 190, 10):
        made.note_timeout(5.0)
        feed(up, b"x" * 100_000, float(now))
        assert made.beat(float(now), 0.0).drop is None
    feed(up, b"x" * 200_000, 200.0)
    assert "the bound is max_reply_bytes=2000000" in str(made.beat(200.0, 0.0).drop)


def test_what_came_to_the_backlog_after_the_rest_was_sent_elsewhere_follows_with_a_heartbeat() -> None:
    """A caller chooses a bridge, and may queue its message only when commands go elsewhere."""
    up = bridge()
    judged: list[Message] = []

    def leaves(message: Message) -> bool:
        judged.append(message)
        return message.command.name == "INCR"

    early, stays, late, later = (Remembering(name, "a") for name in ("INCR", "GET", "INCR", "GET"))
    up.backlog.extend([early, stays])
    up.reroute(leaves)
    assert isinstance(early.reply, Rerouted)
    up.backlog.extend([late, later])
    up.beat(1.0, 0.0)
    assert isinstance(late.reply, Rerouted)
    assert list(up.backlog) == [stays, later]
    up.beat(2.0, 0.0)
    assert judged == [early, stays, late, later]  # each once: there may be many
    up.backlog.clear()
    new = connection()
    up.established(new, 3.0)
    up.beat(3.0, 0.0)
    up.lost(OSError("gone"), 4.0)
    back = Remembering("INCR", "a")
    up.backlog.append(back)
    up.beat(5.0, 0.0)
    assert list(up.backlog) == [back]  # it was connected since, and may have another role
