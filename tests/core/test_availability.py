"""Which of several deployments is used, decided from what is told of them."""

from __future__ import annotations

from typing import Any

import pytest

from multiplexer import EndPoint
from multiplexer.core.availability.active_member import choose
from multiplexer.core.availability.circuit_breaker import CircuitBreaker
from multiplexer.core.availability.group_options import GroupOptions, Member
from multiplexer.core.availability.member_health import MemberHealth
from multiplexer.errors import ConfigurationError

from .engine import Remembering, World


class Deployment:
    def __init__(self, name: str, weight: float, options: GroupOptions, now: float = 0.0) -> None:
        self.name = name
        self.weight = weight
        self.health = MemberHealth(options, now)

    def reach(self, now: float, well: bool = True) -> None:
        self.health.connection(now, None if well else "out of reach", 0)


def two(options: GroupOptions | None = None) -> tuple[Deployment, Deployment]:
    east, west = Deployment("east", 10, options or GroupOptions()), Deployment("west", 5, options or GroupOptions())
    east.reach(0.0)
    west.reach(0.0)
    return east, west


class TestBreaker:
    def test_opens_at_its_share_of_enough_outcomes(self) -> None:
        breaker = CircuitBreaker(GroupOptions())
        assert not breaker.sample(0.0, 0, 19)
        assert breaker.sample(0.5, 1, 0)
        assert breaker.is_open

    def test_stays_closed_below_its_share(self) -> None:
        breaker = CircuitBreaker(GroupOptions())
        assert not breaker.sample(0.0, 51, 49)

    def test_forgets_what_is_older_than_its_window(self) -> None:
        breaker = CircuitBreaker(GroupOptions(window=2.0))
        breaker.sample(0.0, 0, 19)
        assert not breaker.sample(2.5, 0, 19)
        assert breaker.sample(3.0, 0, 1)

    def test_closes_after_good_probes_in_a_row(self) -> None:
        breaker = CircuitBreaker(GroupOptions(good_probes=2))
        breaker.open()
        assert [breaker.probed(good) for good in (True, False, True, True)] == [False, False, False, True]
        assert not breaker.sample(0.0, 0, 19), "what was before does not count"


class TestHealth:
    def test_is_well_once_reached_and_not_before(self) -> None:
        health = MemberHealth(GroupOptions(), 0.0)
        assert health.reason == "not connected yet"
        health.connection(1.0, None, 0)
        assert health.is_well
        health.connection(2.0, "refused", 1)
        assert health.reason == "refused"

    def test_two_bad_probes_of_three(self) -> None:
        (east, _) = two()
        for outcome, well in ((False, True), (None, True), (True, True), (False, False), (True, True)):
            east.health.probed(1.0, outcome)
            assert east.health.is_well is well, outcome

    def test_connections_that_are_lost_again_and_again(self) -> None:
        (east, _) = two(GroupOptions(failed_connects=3, good_probes=1))
        east.health.connection(1.0, None, 2)
        assert east.health.is_well
        east.health.connection(2.0, None, 3)
        assert not east.health.is_well
        east.health.connection(3.0, None, 0)
        assert not east.health.is_well, "that it is connected now says little"
        east.health.probed(4.0, True)
        assert east.health.is_well

    def test_reset_takes_it_for_well_as_far_as_it_is_reached(self) -> None:
        (east, _) = two()
        east.health.breaker.open()
        east.reach(1.0)
        assert not east.health.is_well
        east.health.reset(2.0)
        assert east.health.is_well
        east.reach(3.0, well=False)
        east.health.reset(4.0)
        assert not east.health.is_well

    def test_flapping_makes_the_wait_before_its_return_longer(self) -> None:
        (east, _) = two(GroupOptions(failback_delay=10.0))
        now = 100.0
        for wait in (10.0, 20.0, 40.0):
            east.reach(now, well=False)
            east.reach(now + 1)
            assert not east.health.may_return(now + 1 + wait - 0.1)
            assert east.health.may_return(now + 1 + wait)
            now += 5  # before that it fails once more
        east.reach(now + 1000, well=False)
        east.reach(now + 1001)
        assert east.health.may_return(now + 1011), "it was well for long before it failed"

    def test_one_failed_command_begins_the_wait_anew(self) -> None:
        (east, _) = two(GroupOptions(failback_delay=10.0))
        east.health.traffic(5.0, 100, 1)
        assert not east.health.may_return(14.0)
        assert east.health.may_return(15.0)


class TestChoice:
    def test_the_active_one_stays_while_it_is_well(self) -> None:
        east, west = two()
        assert choose((east, west), west, None, 1.0) == (west, "it is well")

    def test_a_preferred_one_is_used_again_after_its_time(self) -> None:
        east, west = two(GroupOptions(failback_delay=60.0))
        assert choose((east, west), west, None, 59.0)[0] is west
        assert choose((east, west), west, None, 60.0) == (east, "east is preferred, and well again")

    def test_by_hand_only(self) -> None:
        east, west = two(GroupOptions(failback_delay=None))
        assert choose((east, west), west, None, 1e6)[0] is west

    def test_of_those_that_are_well_the_heaviest(self) -> None:
        east, west = two()
        third = Deployment("third", 7, GroupOptions())
        third.reach(0.0)
        east.reach(1.0, well=False)
        assert choose((east, west, third), east, None, 2.0) == (third, "east: out of reach")

    def test_where_none_is_well_nothing_changes(self) -> None:
        east, west = two()
        east.reach(1.0, well=False)
        west.reach(1.0, well=False)
        assert choose((east, west), west, None, 2.0)[0] is west
        assert choose((east, west), west, east, 2.0)[0] is east, "asked for"

    def test_what_was_asked_for_is_used_while_it_is_well(self) -> None:
        east, west = two()
        assert choose((east, west), east, west, 1.0) == (west, "asked for")
        west.reach(1.0, well=False)
        assert choose((east, west), west, west, 2.0)[0] is east


class TestOthersMessages:
    """Of a member's messages only those of the group's handles may go to another member."""

    @pytest.mark.parametrize("travels", [True, False])
    def test_what_is_sent_again_goes_where_it_may(self, travels: bool) -> None:
        here, there = EndPoint("here", 6379), EndPoint("there", 6379)
        world, other = World(here), World(there)
        world.coordinator.elsewhere = other.coordinator.strategy
        message = Remembering("INCR", "n")
        message.options = message.options.replace(travels=travels)
        target = world.coordinator.target(world.bridge(here), message)
        assert target.endpoint == (there if travels else here)

    def test_a_group_hears_of_each_connection(self) -> None:
        here = EndPoint("here", 6379)
        world = World(here)
        heard: list[str] = []
        world.coordinator.on_change = lambda: heard.append(world.bridge(here).state.name)
        world.come_up(here)
        world.go_down(here)
        assert heard == ["ESTABLISHED", "DISCONNECTED"]


def test_a_members_password_is_not_shown() -> None:
    assert "secret" not in repr(Member("redis://:secret@localhost", name="east"))


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"probe": "echo"}, "probe must be one of ping, write, connected or be callable"),
        ({"probe_interval": 0}, "probe_interval must be a positive number"),
        ({"failure_share": 1.5}, "failure_share must be from 0 to 1"),
        ({"least_outcomes": 1.5}, "least_outcomes must be a positive whole number"),
        ({"failback_delay": "soon"}, "failback_delay must be a positive number"),
        ({"good_probes": True}, "good_probes must be a positive whole number"),
    ],
)
def test_options_that_make_no_sense(changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(ConfigurationError, match=problem):
        GroupOptions(**changes)
