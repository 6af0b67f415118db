"""Errors say where the time went, and how far the command came."""

from __future__ import annotations

from typing import Any

import pytest

from multiplexer.core.message import DEAD
from multiplexer.core.physical_bridge import PhysicalBridge
from multiplexer.errors import RedisTimeoutError

from .engine import Remembering, bridge, connection, established, feed


def timed_out(made: PhysicalBridge, message: Any, now: float, timeout: float = 5.0) -> RedisTimeoutError:
    error = made.timeout_error(message, now, timeout)
    assert isinstance(error, RedisTimeoutError)
    assert error.command == message.command.name
    assert error.endpoint == "server:6379"
    assert f"timed out after {timeout:.3g} s" in str(error)
    return error


def test_never_connected_says_why() -> None:
    made = bridge()
    made.connect_failed(ConnectionRefusedError("refused by the host"), 1.0)
    message = Remembering("SET", "key", "value")
    made.backlog.append(message)
    made.withdraw(message)
    assert message.phase == DEAD
    error = timed_out(made, message, 5.0)
    assert "was not sent: never connected (refused by the host)" in str(error)
    assert (error.phase, error.was_sent) == ("queued", False)


def test_waiting_for_a_lost_connection_says_for_how_long() -> None:
    made, _ = established()
    made.lost(ConnectionResetError("reset"), 10.0)
    error = timed_out(made, Remembering("GET", "key"), 12.5)
    assert "disconnected for 2.50 s (reset)" in str(error)
    assert error.details["state"] == "disconnected"


def test_waiting_behind_others_says_how_many() -> None:
    made, _ = established()
    made.backlog.extend(Remembering("GET", "key") for _ in range(7))
    error = timed_out(made, made.backlog[-1], 5.0)
    assert "7 commands long" in str(error)
    assert error.details["backlog"] == 7


def test_a_silent_server() -> None:
    made, up = established()
    made.backlog.extend(Remembering("GET", "key") for _ in range(3))
    up.take(made.backlog, 1.0)
    error = timed_out(made, up.sent[2], 6.0)
    assert "was sent and may have been applied" in str(error)
    assert "has not answered: nothing was read for 6.00 s, 2 commands were ahead" in str(error)
    assert (error.phase, error.was_sent) == ("written", True)
    assert error.details["last_read_age"] == 6.0
    assert error.details["last_write_age"] == 5.0


def test_a_slow_server() -> None:
    made, up = established()
    made.backlog.extend(Remembering("GET", "key") for _ in range(3))
    up.take(made.backlog, 1.0)
    feed(up, b"+first\r\n", 5.5)
    error = timed_out(made, up.sent[1], 6.0)
    assert "slow or far behind: 1 commands were ahead of it, last reply 0.50 s ago" in str(error)


def test_behind_a_large_reply() -> None:
    made, up = established()
    made.backlog.extend([Remembering("GET", "large"), Remembering("GET", "key")])
    up.take(made.backlog, 1.0)
    feed(up, b"$1000000\r\n" + b"x" * 100_000, 5.5)
    error = timed_out(made, up.sent[1], 6.0)
    assert "behind a large reply" in str(error)
    assert error.details["unfinished_reply_bytes"] == 100_010


def test_a_process_that_was_held_up() -> None:
    made, up = established()
    made.backlog.append(Remembering("GET", "key"))
    up.take(made.backlog, 1.0)
    made.beat(6.0, 4.0)
    error = timed_out(made, up.sent[0], 6.0)
    assert "held up: its heartbeat came 4.00 s late" in str(error)
    assert error.details["lag"] == 4.0


def test_what_waits_to_be_sent_again_was_sent() -> None:
    made, up = established()
    message = Remembering("GET", "key")
    made.backlog.append(message)
    up.take(made.backlog, 1.0)
    made.lost(ConnectionResetError("reset"), 2.0)
    made.withdraw(message)
    error = timed_out(made, message, 6.0)
    assert error.was_sent
    assert "was sent and may have been applied" in str(error)
    assert error.details["attempts"] == 1


def test_details_can_be_left_out() -> None:
    made = bridge(include_detail_in_errors=False)
    assert timed_out(made, Remembering("GET", "key"), 6.0).details == {}


@pytest.mark.parametrize("state", ["gone", "up"])
def test_no_error_shows_what_was_stored(state: str) -> None:
    made = bridge()
    up = connection()
    made.established(up, 1.0)
    message = Remembering("SET", "key", "secret")
    made.backlog.append(message)
    up.take(made.backlog, 1.0)
    if state == "gone":
        ((_, error),) = made.lost(ConnectionResetError("reset"), 2.0)
    else:
        error = timed_out(made, message, 6.0)
    assert "secret" not in str(error) + repr(error.details)
