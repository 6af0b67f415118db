"""What a heartbeat asks of a connection with traffic: a reply that is missing, or one too many, ends it."""

from __future__ import annotations

from typing import Any

import hiredis
import pytest

from multiplexer.core.commands.proxies import proxy_of
from multiplexer.core.high_integrity import HighIntegrityConnection
from multiplexer.core.physical_bridge import DEAD_AFTER_TIMEOUTS, PhysicalBridge
from multiplexer.core.physical_connection import PhysicalConnection, SubscriptionMessage
from multiplexer.core.prober import Probe
from multiplexer.core.wire import python_resp
from multiplexer.core.wire.resp import RespReader
from multiplexer.errors import ProtocolError

from .engine import Remembering, RememberingUnit, bridge, connection, established, feed


def send(made: PhysicalBridge, up: PhysicalConnection, *messages: Any, now: float = 1.0) -> None:
    """Send messages as a driver would."""
    made.backlog.extend(messages)
    assert up.take(made.backlog, now)


def ask(made: PhysicalBridge, up: PhysicalConnection, now: float = 1.0) -> Probe:
    """Let the heart beat; send what it asks."""
    probe = made.beat(now, 0.0).probe
    assert probe is not None
    send(made, up, probe, now=now)
    return probe


def text_of(probe: Probe) -> bytes:
    """Return the text a probe asks for, packed as its reply."""
    payload: Any = probe.payload
    return b"$24\r\n%b\r\n" % payload.split(b"\r\n")[-2]


def test_each_heartbeat_with_traffic_asks_once() -> None:
    made, up = established()
    assert made.beat(1.0, 0.0).probe is None
    message = Remembering("GET", "a")
    send(made, up, message)
    probe = ask(made, up)
    assert probe.payload.startswith(b"*2\r\n$4\r\nECHO\r\n")  # type: ignore[union-attr]
    assert made.beat(2.0, 0.0).probe is None  # one at a time
    feed(up, b"$1\r\na\r\n" + text_of(probe))
    assert message.reply == b"a"
    assert made.beat(3.0, 0.0).probe is None  # it was itself the last that was sent
    send(made, up, Remembering("GET", "b"))
    again = ask(made, up)
    assert text_of(again) != text_of(probe)


def test_what_keeps_an_idle_connection_alive_is_no_traffic() -> None:
    made, up = established(keep_alive=10.0)
    assert made.beat(10.0, 0.0).ping
    send(made, up, made.keepalive(), now=10.0)
    feed(up, b"+PONG\r\n", 10.1)
    assert made.beat(11.0, 0.0).probe is None


def test_where_a_reply_is_missing_the_text_reaches_nobody() -> None:
    made, up = established()
    first, second = Remembering("GET", "a"), Remembering("GET", "b")
    send(made, up, first, second)
    probe = ask(made, up)
    with pytest.raises(ProtocolError, match="a reply is missing"):
        feed(up, b"$1\r\nb\r\n" + text_of(probe))
    assert second.replies_given == []
    assert up.drain() == [second, probe]


def test_where_the_texts_own_reply_is_missing_the_next_tells() -> None:
    made, up = established()
    send(made, up, Remembering("GET", "a"))
    ask(made, up)
    feed(up, b"$1\r\na\r\n")
    later = Remembering("GET", "b")
    send(made, up, later)
    with pytest.raises(ProtocolError, match="instead of the heartbeat's text came bytes of length 1"):
        feed(up, b"$1\r\nb\r\n")
    assert later.replies_given == []


def test_where_a_reply_is_one_too_many_it_tells() -> None:
    made, up = established()
    send(made, up, Remembering("GET", "a"))
    probe = ask(made, up)
    with pytest.raises(ProtocolError, match="or one too many"):
        feed(up, b"$1\r\na\r\n$1\r\na\r\n" + text_of(probe))


def test_a_unit_whose_reply_is_missing_does_not_get_the_text_and_is_not_lost() -> None:
    made, up = established()
    unit = RememberingUnit(("GET", "a"), ("GET", "b"))
    send(made, up, unit)
    probe = ask(made, up)
    with pytest.raises(ProtocolError, match="a reply is missing"):
        feed(up, b"$1\r\nb\r\n" + text_of(probe))
    assert up.drain() == [unit, probe]


def test_a_subscription_whose_confirmation_is_missing() -> None:
    made, up = established()
    send(made, up, SubscriptionMessage("SUBSCRIBE", (b"channel",)))
    probe = ask(made, up)
    with pytest.raises(ProtocolError, match="a reply is missing"):
        feed(up, text_of(probe))


def test_a_resp2_connection_that_subscribes_is_asked_by_ping() -> None:
    made = bridge()
    up = connection()
    up.pushes_are_replies = True
    made.established(up, 0.0)
    for answer in (b"%b", b"*2\r\n$4\r\npong\r\n%b"):
        message = SubscriptionMessage("SUBSCRIBE", (b"channel",))
        send(made, up, message)
        probe = ask(made, up)
        assert probe.command.name == "PING"
        feed(up, b"*3\r\n$9\r\nsubscribe\r\n$7\r\nchannel\r\n:1\r\n" + answer % text_of(probe))
        assert not up.sent


@pytest.mark.parametrize("refusal", [b"-NOPERM this user has no permissions", b"-ERR unknown command", b"-invalid"])
@pytest.mark.parametrize("last", [b"+PONG\r\n", b"-NOPERM no\r\n", b"-ERR wrong number of arguments\r\n"])
def test_what_is_refused_is_not_asked_again(refusal: bytes, last: bytes) -> None:
    made, up = established()
    send(made, up, Remembering("GET", "a"))
    ask(made, up)
    feed(up, b"$1\r\na\r\n%b\r\n" % refusal)
    send(made, up, Remembering("GET", "a"))
    probe = ask(made, up)
    assert probe.command.name == "PING"
    feed(up, b"$1\r\na\r\n" + last)
    send(made, up, Remembering("GET", "a"))
    assert made.beat(5.0, 0.0).probe is None
    feed(up, b"$1\r\na\r\n")
    assert not up.sent


@pytest.mark.parametrize("refusal", [b"-BUSY a script runs\r\n", b"-MISCONF no disk\r\n", b"-LOADING data\r\n"])
def test_a_refusal_that_passes_says_nothing(refusal: bytes) -> None:
    made, up = established()
    send(made, up, Remembering("GET", "a"))
    ask(made, up)
    feed(up, b"$1\r\na\r\n" + refusal)
    send(made, up, Remembering("GET", "a"))
    assert ask(made, up).command.name == "ECHO"


def test_an_error_that_was_anothers_does_not_hide_the_text() -> None:
    made, up = established()
    send(made, up, Remembering("GET", "a"))
    probe = ask(made, up)
    later = Remembering("GET", "b")
    send(made, up, later)
    with pytest.raises(ProtocolError, match="text came in its place"):
        feed(up, b"$1\r\na\r\n-ERR twice\r\n" + text_of(probe))
    assert later.replies_given == []


def test_what_a_lost_connection_leaves_of_it_is_forgotten() -> None:
    made, up = established()
    send(made, up, Remembering("GET", "a"))
    probe = ask(made, up)
    made.release(made.lost(ConnectionResetError("reset"), 2.0))
    other = connection(now=3.0)
    made.established(other, 3.0)
    assert made.beat(3.5, 0.0).probe is None
    send(made, other, Remembering("GET", "b"), now=4.0)
    assert text_of(ask(made, other, now=4.0)) != text_of(probe)


def test_nothing_is_asked_where_it_would_harm_or_is_not_needed() -> None:
    made, up = established(proxy="envoyproxy")
    send(made, up, Remembering("GET", "a"))
    assert ask(made, up).command.name == "ECHO"
    made, up = established(proxy="twemproxy")
    send(made, up, Remembering("GET", "a"))
    assert made.beat(1.0, 0.0).probe is None
    made, up = established(command_map={"ECHO": None, "PING": None})
    send(made, up, Remembering("GET", "a"))
    assert made.beat(1.0, 0.0).probe is None
    made, proven = bridge(), connection(kind=HighIntegrityConnection)
    made.established(proven, 0.0)
    send(made, proven, Remembering("GET", "a"))
    assert made.beat(1.0, 0.0).probe is None


@pytest.mark.parametrize(("proxy", "questions"), [("twemproxy", []), ("envoyproxy", ["ECHO", "PING"])])
def test_a_proxy_is_asked_what_its_entry_says_it_answers(proxy: str, questions: list[str]) -> None:
    made, up = established(proxy=proxy)
    asked = []
    send(made, up, Remembering("GET", "a"))
    while (probe := made.beat(1.0, 0.0).probe) is not None:
        asked.append(probe.command.name)
        send(made, up, probe)
        feed(up, b"$1\r\na\r\n-ERR unknown command\r\n")
        send(made, up, Remembering("GET", "a"))
    assert asked == questions
    entry = proxy_of(proxy)
    assert entry is not None
    assert entry.questions == set(questions)


def test_renamed_commands_are_asked_by_their_names() -> None:
    made, up = established(command_map={"ECHO": "REPEAT"})
    send(made, up, Remembering("GET", "a"))
    assert ask(made, up).payload.startswith(b"*2\r\n$6\r\nREPEAT\r\n")  # type: ignore[union-attr]


def test_a_slow_server_is_not_given_up_for_a_probe_others_wait_behind() -> None:
    made, up = established(timeout=5.0)
    send(made, up, Remembering("GET", "a"))
    probe = ask(made, up)
    feed(up, b"$1\r\na\r\n", 1.0)
    assert made.beat(5.9, 0.0).drop is None
    assert "ECHO was not answered within 5.0 s" in str(made.beat(6.0, 0.0).drop)
    patient = Remembering("GET", "slow")
    send(made, up, patient, now=2.0)
    assert made.beat(100.0, 0.0).drop is None  # somebody has the patience
    made.note_timeout(50.0)
    assert made.beat(2.0 + DEAD_AFTER_TIMEOUTS * 5.0, 0.0).drop is None
    assert "nothing was read for" in str(made.beat(2.1 + DEAD_AFTER_TIMEOUTS * 5.0, 0.0).drop)
    feed(up, text_of(probe) + b"$1\r\nb\r\n", 30.0)
    assert patient.reply == b"b"


def test_after_much_has_come_it_is_asked_once_more_so_that_the_parser_lets_it_go() -> None:
    made, up = established()
    send(made, up, Remembering("GET", "a"))
    probe = ask(made, up)
    feed(up, b"$100000\r\n" + b"x" * 100_000 + b"\r\n" + text_of(probe))
    probe = ask(made, up)
    feed(up, text_of(probe))
    assert made.beat(3.0, 0.0).probe is None


@pytest.mark.parametrize("parser", [hiredis.Reader, python_resp.Reader])
@pytest.mark.parametrize("cut", [1, 1000, 70_000, 100_005, 100_009, 100_016, 100_019])
def test_where_nothing_is_asked_the_place_of_large_replies_is_let_go_all_the_same(parser: Any, cut: int) -> None:
    """As soon as nothing else is held, and however what comes is cut."""
    made = bridge(proxy="twemproxy")
    up = connection()
    up.read_with(RespReader(parser))
    made.established(up, 0.0)
    messages = [Remembering("GET", "a"), Remembering("LRANGE", "b", 0, -1), Remembering("GET", "c")]
    send(made, up, *messages)
    assert made.beat(1.0, 0.0).probe is None
    kept = up._reader._reader
    data = b"$100000\r\n" + b"x" * 100_000 + b"\r\n*2\r\n:1\r\n:2\r\n$1\r\ny\r\n"
    feed(up, data[:cut])
    feed(up, data[cut:])
    assert [message.reply for message in messages] == [b"x" * 100_000, [1, 2], b"y"]
    assert up._reader._reader is not kept
