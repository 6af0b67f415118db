"""Which addresses of a host are tried when, and which wins; the clock is the test's."""

from __future__ import annotations

import errno
import select
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from multiplexer.drivers.sockets import HEAD_START, Race, in_turn
from multiplexer.embedded import free_port
from tests.servers import SilentPort


def _address(port: int, family: int = socket.AF_INET) -> Any:
    return family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("127.0.0.1", port)


@pytest.fixture
def silent() -> Iterator[list[Any]]:
    with ExitStack() as stack:
        yield [_address(stack.enter_context(SilentPort()).port) for _ in range(3)]


@pytest.fixture
def live() -> Iterator[Any]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield _address(server.getsockname()[1])


def _writable(race: Race) -> list[socket.socket]:
    """Wait until one of the sockets says how it went."""
    return select.select([], list(race.sockets), [], 5)[1]


def _win(race: Race, now: float) -> socket.socket:
    ready: list[socket.socket] = []
    while (sock := race.step(now, ready)) is None:
        ready = _writable(race)
    return sock


@pytest.mark.parametrize(
    ("families", "order"),
    [("", ""), ("4", "a"), ("444", "abc"), ("66644", "adbec"), ("4666", "abcd"), ("46664", "abecd")],
)
def test_families_take_turns(families: str, order: str) -> None:
    addresses = [(family, 0, 0, "", name) for family, name in zip(families, "abcde", strict=False)]
    assert "".join(address[4] for address in in_turn(addresses)) == order


def test_each_address_has_a_head_start(silent: list[Any], live: Any) -> None:
    race = Race([*silent, live], deadline=100)
    began = []
    now = 10.0
    for tried in range(1, 4):
        assert race.step(now) is None
        assert len(race.sockets) == tried
        assert race.next_step == now + HEAD_START
        assert race.step(now + HEAD_START / 2) is None  # woken up for nothing
        assert len(race.sockets) == tried
        began.append(now)
        now = race.next_step
    first = list(race.sockets)
    race.step(now)
    assert race.next_step == 100  # nothing is left to begin
    sock = _win(race, now)
    assert sock.getpeername()[1] == live[4][1]
    assert list(race.sockets) == first
    race.close()
    assert [loser.fileno() for loser in first] == [-1] * 3
    assert sock.fileno() >= 0
    sock.close()


def test_all_are_tried_in_what_time_there_is(silent: list[Any]) -> None:
    race = Race(silent, deadline=0.3)
    for now, then in ((0, 0.1), (0.1, 0.2), (0.2, 0.3)):
        assert race.step(now) is None
        assert race.next_step == pytest.approx(then)
    assert len(race.sockets) == 3
    race.close()


def test_a_failure_starts_the_next_at_once(silent: list[Any], live: Any) -> None:
    refusing = _address(free_port())
    race = Race([refusing, refusing, live], deadline=100)
    sock = _win(race, 0)
    assert sock.getpeername()[1] == live[4][1]
    sock.close()
    race = Race([silent[0], refusing, live], deadline=100)
    assert race.step(0) is None
    sock = _win(race, HEAD_START)  # no head start for one that is out
    assert sock.getpeername()[1] == live[4][1]
    sock.close()
    race.close()


def test_one_that_answers_late_wins_all_the_same(silent: list[Any], live: Any) -> None:
    race = Race([live, silent[0]], deadline=100)
    sock = race.step(0)
    if sock is None:
        assert race.step(HEAD_START) is None  # nobody has looked yet
        assert len(race.sockets) == 2
        sock = race.step(HEAD_START, _writable(race))
    assert sock is not None
    assert sock.getpeername()[1] == live[4][1]
    sock.close()
    race.close()


def test_what_cannot_even_be_tried_is_passed_over(live: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    too_long = (socket.AF_UNIX, socket.SOCK_STREAM, 0, "", "/" + "x" * 200)
    no_such_family = _address(1, family=9999)
    race = Race([too_long, no_such_family, live], deadline=100)
    sock = _win(race, 0)
    assert sock.getpeername()[1] == live[4][1]
    sock.close()


def test_nothing_answers(silent: list[Any]) -> None:
    race = Race(silent[:1], deadline=1)
    assert race.step(0) is None
    assert race.next_step == 1
    with pytest.raises(TimeoutError, match=r"^127\.0\.0\.1:\d+: no answer in time$"):
        race.step(1)
    race.close()
    race = Race([_address(free_port()), *silent], deadline=1)
    assert race.step(0) is None
    while refused := select.select([], list(race.sockets), [], 0.2)[1]:
        assert race.step(0, refused) is None
    with pytest.raises(TimeoutError, match=r"^127\.0\.0\.1:\d+: .*refused; 127\.0\.0\.1:\d+: no answer in time$"):
        race.step(1)
    race.close()


def test_everything_refuses() -> None:
    refusing = [_address(free_port()) for _ in range(2)]
    with pytest.raises(ConnectionRefusedError) as refused:
        _win(Race(refusing[:1], deadline=1), 0)
    assert refused.value.errno == errno.ECONNREFUSED
    race = Race(refusing, deadline=1)
    with pytest.raises(OSError, match=r"^127\.0\.0\.1:\d+: .*refused; 127\.0\.0\.1:\d+: .*refused$") as caught:
        _win(race, 0)
    assert caught.value.errno == errno.ECONNREFUSED  # of the first
    assert not race.sockets


def test_how_errors_name_addresses() -> None:
    six = (9999, socket.SOCK_STREAM, 0, "", ("::1", 6379, 0, 0))  # of a family no system has
    path = (9999, socket.SOCK_STREAM, 0, "", "/a/path")
    with pytest.raises(OSError, match=r"^\[::1\]:6379: .*; /a/path: "):
        Race([six, path, path], deadline=1).step(0)


def test_a_host_without_addresses() -> None:
    with pytest.raises(OSError, match="no address"):
        Race([], deadline=1).step(0)


def test_nothing_begins_after_the_deadline(live: Any) -> None:
    race = Race([live], deadline=1)
    with pytest.raises(TimeoutError, match="no time was left"):
        race.step(1)
    assert not race.sockets
