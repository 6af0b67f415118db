"""Which of several primaries counts."""

from __future__ import annotations

from typing import Any

import pytest

from multiplexer import EndPoint
from multiplexer.core.group.election import is_meant
from multiplexer.errors import MultiplexerClosedError, NoPermissionError

from .engine import ToldBridge, World

A, B, C = (EndPoint("server", port) for port in (6379, 6380, 6381))
KEY = "__Booksleeve_TieBreak"
QUESTION = f"GET {KEY}"


def primaries(*more: EndPoint, **changes: Any) -> World:
    """Two servers that both take themselves for primaries, and replicas; nobody has voted yet."""
    world = World(A, B, *more, **changes)
    for replica in more:
        world.come_up(replica, "replica")
    world.come_up(A)
    world.come_up(B)
    return world


def vote(world: World, endpoint: EndPoint, value: Any) -> None:
    """Answer every question for the tie-breaker that a server was asked."""
    bridge = world.bridge(endpoint)
    while QUESTION in bridge.asked():
        bridge.answer_to(QUESTION, value)
    world.wait()


def elected(world: World) -> EndPoint | None:
    server = world.guide.election.elected
    return None if server is None else server.endpoint


def test_one_primary_needs_none():
    world = World(A, B)
    world.come_up(A)
    world.come_up(B, "replica")
    assert world.bridge(A).asked() == []
    assert elected(world) is None


def test_everybody_votes_and_the_majority_decides():
    world = primaries(C)
    assert QUESTION in world.bridge(C).asked()
    vote(world, A, str(A).encode())
    vote(world, B, str(B).encode())
    assert elected(world) is None
    assert world.target("SET", "k", 1) == A  # the first, until then
    vote(world, C, str(B).encode())
    assert elected(world) == B
    assert world.target("SET", "k", 1) == B
    assert world.target("GET", "k") == B
    assert world.told == [(str(B), "primary")]


@pytest.mark.parametrize("votes", [(None, None), (b"elsewhere:1", b"nonsense"), (NoPermissionError("NOPERM"), b"\xff")])
def test_without_a_vote_that_names_one_the_first_counts(votes: tuple[Any, Any]):
    world = primaries()
    vote(world, A, votes[0])
    vote(world, B, votes[1])
    assert elected(world) == A


def test_without_a_tie_breaker_nobody_is_asked():
    world = primaries(tie_breaker="")
    assert world.bridge(A).asked() == []
    assert elected(world) == A


def test_replies_to_an_election_before_do_not_count():
    world = primaries()
    late = [message for bridge in (world.bridge(A), world.bridge(B)) for message in bridge.posted]
    for bridge in (world.bridge(A), world.bridge(B)):
        bridge.posted = []
    world.guide.consider_roles()
    for message in late:
        message.finish(str(B).encode())
    assert elected(world) is None
    vote(world, A, str(A).encode())
    vote(world, B, str(A).encode())
    assert elected(world) == A


def test_one_that_is_lost_or_closed_meanwhile_has_no_vote(monkeypatch: pytest.MonkeyPatch):
    world = primaries()
    vote(world, B, str(B).encode())
    world.go_down(A)  # its reply is the loss of its connection
    assert elected(world) == B

    def post(self: ToldBridge, messages: object) -> None:
        raise MultiplexerClosedError("closed")

    world = primaries()
    monkeypatch.setattr(ToldBridge, "post", post)
    world.guide.consider_roles()
    assert elected(world) == A


def test_it_is_undone_once_the_elected_is_none_any_more():
    world = primaries()
    for endpoint in (A, B):
        vote(world, endpoint, str(B).encode())
    assert elected(world) == B
    world.guide.doubt()
    world.say_role(A, "primary")
    world.say_role(B, "replica")
    assert elected(world) is None
    assert world.target("SET", "k", 1) == A


def test_one_that_is_away_stays_elected():
    world = primaries()
    for endpoint in (A, B):
        vote(world, endpoint, str(B).encode())
    world.go_down(B)
    world.go_down(A)
    world.come_up(A)
    assert elected(world) == B  # the other may have other data
    assert world.target("SET", "k", 1) == B


@pytest.mark.parametrize(
    ("value", "endpoint", "meant"),
    [
        ("server:6379", A, True),
        ("server:6380", A, False),
        ("server", A, False),  # which of its ports, nobody knows
        ("server.example.org:6379", A, True),
        ("server:6379", EndPoint("server.example.org", 6379), True),
        ("other.example.org:6379", EndPoint("server.example.org", 6379), False),
        ("", A, False),
        ("a b:c:d", A, False),
    ],
)
def test_whom_a_vote_means(value: str, endpoint: EndPoint, meant: bool):
    assert is_meant(value, endpoint) is meant
