"""Announcements of maintenance: how they are read, and what follows from them."""

from __future__ import annotations

from typing import Any

import pytest

from multiplexer import EndPoint
from multiplexer.core.handshake.handshake import handshake
from multiplexer.core.handshake.server_facts import ServerFacts
from multiplexer.core.maintenance.announcements import MOST_SECONDS, Announcement, read
from multiplexer.core.maintenance.maintenance import RETRY
from multiplexer.core.maintenance.windows import LONGEST, Windows
from multiplexer.errors import ReadOnlyError, RedisConnectionError, RedisTimeoutError, ResponseError

from .engine import ToldBridge, World, connection, established

A, B = EndPoint("a.example", 6379), EndPoint("b.example", 7000)


@pytest.mark.parametrize(
    ("push", "said"),
    [
        ([b"MOVING", 7, 15, b"b.example:7000"], Announcement("MOVING", 7, 15.0, "b.example:7000")),
        ([b"MOVING", 7, 15, None], Announcement("MOVING", 7, 15.0, None)),
        ([b"MOVING", 7, 15, b"null"], Announcement("MOVING", 7, 15.0, None)),
        ([b"MOVING", b"7", b"15", "b:1"], Announcement("MOVING", 7, 15.0, "b:1")),
        ([b"MIGRATING", 1, 3, [b"1", b"2"]], Announcement("MIGRATING", 1, 3.0, None)),
        ([b"MIGRATED", 2, [b"1"]], Announcement("MIGRATED", 2, 0.0, None)),
        ([b"SMIGRATING", 3, b"1,5-7"], Announcement("SMIGRATING", 3, 0.0, None)),
        ([b"SMIGRATED", 4, [[b"a:1", b"b:2", b"1,5-7"]]], Announcement("SMIGRATED", 4, 0.0, None)),
        # What makes no sense is left out.
        ([b"MOVING"], Announcement("MOVING", None, 0.0, None)),
        ([b"MOVING", None, {}, [b"x"]], Announcement("MOVING", None, 0.0, None)),
        ([b"MOVING", 7, -3, b""], Announcement("MOVING", 7, 0.0, None)),
        ([b"MOVING", 7, 10**30, 5], Announcement("MOVING", 7, MOST_SECONDS, None)),
        ([b"MOVING", float("inf"), float("nan"), b"\xff"], Announcement("MOVING", None, 0.0, "�")),
        ([b"FAILING_OVER", True, b"soon"], Announcement("FAILING_OVER", None, 0.0, None)),
    ],
)
def test_announcements_are_read_whatever_they_hold(push: list[Any], said: Announcement) -> None:
    assert read(push) == said


def opening(sequence: int | None, seconds: float = 0.0, kind: str = "MIGRATING") -> Announcement:
    return Announcement(kind, sequence, seconds, None)


def closing(sequence: int | None, kind: str = "MIGRATED") -> Announcement:
    return Announcement(kind, sequence, 0.0, None)


class TestWindows:
    def test_each_connection_tells_of_the_same_one(self):
        windows = Windows()
        assert windows.take(opening(7), 0.0)
        assert not windows.take(opening(7), 0.1)
        assert windows.open_ones(0.2) == ["MIGRATING 7"]
        assert windows.opened_at(0.2) == 0.0
        assert windows.take(closing(8), 1.0)
        assert not windows.take(closing(8), 1.1)
        assert windows.open_ones(1.2) == []
        assert windows.opened_at(1.2) is None

    def test_one_that_is_read_late_opens_nothing(self):
        windows = Windows()
        windows.take(opening(7), 0.0)
        windows.take(closing(8), 1.0)
        assert not windows.take(opening(7), 1.5)
        assert windows.open_ones(1.5) == []
        assert windows.take(opening(9), 1.6)
        assert windows.take(opening(3), 2.0 + LONGEST)  # the server counts anew

    def test_several_may_be_open(self):
        windows = Windows()
        windows.take(opening(7), 0.0)
        windows.take(opening(9), 1.0)
        windows.take(opening(9, kind="FAILING_OVER"), 2.0)
        assert windows.open_ones(2.0) == ["MIGRATING 7", "MIGRATING 9", "FAILING_OVER 9"]
        windows.take(closing(8), 3.0)
        assert windows.open_ones(3.0) == ["MIGRATING 9", "FAILING_OVER 9"]
        windows.take(closing(None), 3.0)
        assert windows.open_ones(3.0) == ["FAILING_OVER 9"]

    def test_slots_that_move_and_have_moved_may_have_one_number(self):
        windows = Windows()
        assert windows.take(opening(7, kind="SMIGRATING"), 0.0)
        assert windows.take(closing(7, kind="SMIGRATED"), 1.0)
        assert windows.open_ones(1.0) == []

    def test_one_without_a_number(self):
        windows = Windows()
        assert windows.take(opening(None), 0.0)
        assert windows.open_ones(0.0) == ["MIGRATING"]
        assert windows.take(closing(None), 0.1)
        assert not windows.take(closing(None), 0.2)
        assert windows.open_ones(0.2) == []

    def test_none_stays_open_for_ever(self):
        windows = Windows()
        windows.take(opening(7, seconds=5.0), 0.0)
        windows.take(opening(8, seconds=1e9), 0.0)
        assert windows.open_ones(4.9) == ["MIGRATING 7", "MIGRATING 8"]
        assert windows.open_ones(5.0) == ["MIGRATING 8"]
        assert windows.open_ones(LONGEST) == []
        assert windows.take(opening(7), LONGEST)


def world(*endpoints: EndPoint, **changes: Any) -> World:
    made = World(*(endpoints or (A,)), **{"maint_notifications": "enabled", **changes})
    for endpoint in endpoints or (A,):
        made.come_up(endpoint)
    return made


def announce(world: World, *push: Any) -> None:
    bridge = world.bridge(A)
    bridge.listener.pushed(bridge, list(push))


class TestAsking:
    @pytest.mark.parametrize(
        ("host", "wanted", "tls", "kind"),
        [
            ("a.example", "auto", False, None),
            ("10.0.0.1", "auto", False, None),
            ("c1.us.cloud.redis.io", "auto", False, "external-ip"),
            ("c1.us.cloud.redis.io", "auto", True, "external-fqdn"),
            ("c1.us.cloud.redis.io", "disabled", True, None),
            ("a.example", "enabled", False, "external-ip"),
            ("a.internal", "enabled", True, "internal-fqdn"),
            ("cache", "enabled", False, "internal-ip"),
            ("10.0.0.1", "enabled", True, "internal-ip"),
            ("8.8.8.8", "enabled", False, "external-ip"),
            ("::1", "enabled", False, "internal-ip"),
        ],
    )
    def test_only_where_it_is_known_or_wanted(self, host: str, wanted: str, tls: bool, kind: str | None):
        made = World(EndPoint(host, 6379), maint_notifications=wanted, ssl=tls)
        introduction = made.coordinator.introduction(made.bridge(EndPoint(host, 6379)))
        assert introduction.maintenance == (None if kind is None else ("moving-endpoint-type", kind))
        said = [" ".join(map(str, words)) for words in next(handshake(introduction))]
        assert [words for words in said if "MAINT" in words] == (
            [] if kind is None else [f"CLIENT MAINT_NOTIFICATIONS ON moving-endpoint-type {kind}"]
        )

    def test_the_kind_of_address_may_be_given(self):
        made = World(A, maint_notifications="enabled", maint_moving_endpoint_type="none")
        assert made.coordinator.introduction(made.bridge(A)).maintenance == ("moving-endpoint-type", "none")

    @pytest.mark.parametrize("required", [False, True])
    def test_a_server_that_refuses(self, required: bool):
        made = World(EndPoint("x.redislabs.com", 6379), maint_notifications="enabled" if required else "auto")
        talk = handshake(made.coordinator.introduction(made.bridges[0]))
        words = next(talk)
        tracer = words[-1][1]
        replies = [ResponseError("ERR unknown subcommand") if "MAINT" in str(each) else b"OK" for each in words]
        replies[-1] = str(tracer).encode()
        if required:
            with pytest.raises(RedisConnectionError, match="announces no maintenance"):
                talk.send(replies)
        else:
            with pytest.raises(StopIteration):
                talk.send(replies)


class TestWhatFollows:
    def test_a_move_begins_soon_and_not_for_all_at_once(self):
        made = world()
        announce(made, b"MOVING", 1, 20, b"b.example:7000")
        announce(made, b"MOVING", 1, 20, b"b.example:7000")
        made.wait(2.0)
        [handover] = made.bridge(A).handovers
        assert handover.address == B
        assert handover.until == pytest.approx(120.0)
        assert made.told == []

    def test_where_no_address_is_named_it_begins_at_half_time(self):
        made = world()
        announce(made, b"MOVING", 1, 20, None)
        made.wait(9.9)
        assert made.bridge(A).handovers == []
        made.wait(2.1)
        [handover] = made.bridge(A).handovers
        assert handover.address == A

    def test_addresses_are_remapped(self):
        made = world(address_remap=lambda place: ("outside.example", place[1] + 1))
        announce(made, b"MOVING", 1, 20, b"10.0.0.7:7000")
        made.wait(2.0)
        assert made.bridge(A).handovers[0].address == EndPoint("outside.example", 7001)

    @pytest.mark.parametrize("target", [b"no address at all", b"h:0", b"h:99999", b"h:x"])
    def test_what_is_no_address_is_not_followed(self, target: bytes):
        made = world()
        announce(made, b"MOVING", 1, 20, target)
        made.wait(30.0)
        assert made.bridge(A).handovers == []

    def test_it_is_tried_again_until_time_is_up(self):
        made = world()
        announce(made, b"MOVING", 1, 20, b"b.example:7000")
        made.wait(2.0)
        for number in range(1, 4):
            handovers = made.bridge(A).handovers
            assert len(handovers) == number
            handovers[-1].done(OSError("nobody there"))
            made.wait(RETRY)
        made.wait(20.0)
        made.bridge(A).handovers[-1].done(OSError("nobody there"))
        made.wait(20.0)
        assert len(made.bridge(A).handovers) == 4
        assert made.server(A).address == A

    def test_its_own_address_counts_again_once_time_is_up(self):
        made = world()
        announce(made, b"MOVING", 1, 20, b"b.example:7000")
        made.wait(2.0)
        bridge = made.bridge(A)
        [handover] = bridge.handovers
        replace(made, bridge, handover)
        handover.done(None)
        assert (bridge.address, bridge.reached) == (B, B)
        assert made.server(A).under_way(made.now) == []
        made.wait(20.0)
        assert (bridge.address, bridge.reached) == (A, A)
        assert len(bridge.handovers) == 1

    def test_what_nobody_asked_for_is_not_followed(self):
        made = world(maint_notifications="auto")
        announce(made, b"MOVING", 1, 20, b"b.example:7000")
        made.wait(30.0)
        assert made.bridge(A).handovers == []
        assert made.server(A).under_way(made.now) == []

    @pytest.mark.parametrize("kind", [b"FAILED_OVER", b"MIGRATED", b"SMIGRATED"])
    def test_roles_and_slots_are_asked_for_afterwards(self, kind: bytes):
        made = world()
        announce(made, kind, 2, [])
        assert made.bridge(A).asked() == []
        made.wait()
        assert made.bridge(A).asked() != []

    def test_announcements_are_counted_and_told(self):
        made = world()
        told: list[Any] = []
        made.coordinator.server_maintenance += told.append
        announce(made, b"MIGRATING", 7, 3, [b"1"])
        assert told == [(str(A), "MIGRATING", 7, 3.0, None, (7, 3, [b"1"]))]
        assert [happening.what for happening in made.coordinator.tally.counts()] == ["maintenance"]
        assert made.coordinator.status()["servers"][0]["under_way"] == ["MIGRATING 7"]


def replace(world: World, bridge: ToldBridge, handover: Any, role: str = "primary") -> None:
    """Do what a driver does once the new connection has been made."""
    facts = ServerFacts()
    facts.role, facts.protocol = role, 3
    handover.check(facts)
    assert list(handover.until_idle(lambda: world.now)) == []
    assert handover.is_due()
    with world.lock:
        handover.take(connection(now=world.now), facts, world.now)


class TestPatience:
    def test_deadlines_are_put_off_while_a_window_is_open(self):
        made = world(timeout=1.0, maint_relaxed_timeout=10.0)
        bridge = made.bridge(A)
        message = made.send("GET", "k")
        message.sent_at, message.deadline = made.now, made.now + 1.0
        assert not bridge.puts_off(message, made.now + 1.0)
        announce(made, b"MIGRATING", 7, 30)
        assert bridge.puts_off(message, made.now + 1.0)
        assert message.deadline == made.now + 10.0
        assert not bridge.puts_off(message, made.now + 10.0)  # once, and not again and again
        assert "during MIGRATING 7" in str(bridge.timeout_error(message, made.now + 10.0, 1.0))
        assert "timed out after 10 s" in str(bridge.timeout_error(message, made.now + 10.0, 1.0))

    def test_what_was_not_sent_waits_from_when_it_was_opened(self):
        made = world(timeout=1.0, maint_relaxed_timeout=10.0)
        announce(made, b"MIGRATING", 7, 30)
        message = made.send("GET", "k")
        message.deadline = made.now + 5.0
        assert made.bridge(A).puts_off(message, made.now + 5.0)
        assert message.deadline == made.now + 10.0
        assert not made.bridge(A).puts_off(message, made.now + 10.0)

    def test_a_timeout_of_ones_own_stays(self):
        made = world(timeout=1.0)
        announce(made, b"MIGRATING", 7, 30)
        message = made.send("GET", "k")
        message.options = message.options.replace(timeout=1.0)
        message.sent_at, message.deadline = made.now, made.now + 1.0
        assert not made.bridge(A).puts_off(message, made.now + 1.0)

    def test_longer_ones_are_not_made_shorter(self):
        made = world(timeout=60.0, maint_relaxed_timeout=10.0)
        announce(made, b"MIGRATING", 7, 30)
        message = made.send("GET", "k")
        message.sent_at, message.deadline = made.now, made.now + 60.0
        assert not made.bridge(A).puts_off(message, made.now + 60.0)
        assert message.deadline == made.now + 60.0

    def test_it_may_be_switched_off(self):
        made = world(timeout=1.0, maint_relaxed_timeout=0.0)
        announce(made, b"MIGRATING", 7, 30)
        message = made.send("GET", "k")
        message.sent_at, message.deadline = made.now, made.now + 1.0
        assert not made.bridge(A).puts_off(message, made.now + 1.0)


class TestHandover:
    def test_nothing_is_sent_until_the_old_one_has_answered(self):
        made = world()
        bridge = made.bridge(A)
        old = bridge.connection
        assert old is not None
        message = made.send("GET", "k")
        old.take(bridge.backlog, made.now)
        move = made.coordinator.mover().move(made.server(A), B, 5.0, "asked for")
        [handover] = bridge.handovers
        waits = handover.until_idle(lambda: made.now)
        assert next(waits) < 0.01
        assert old.holding
        assert not handover.is_due()
        old.receive(b"+x\r\n", 4, made.now)
        assert message.reply == b"x"
        assert next(waits, None) is None
        assert handover.is_due()
        with made.lock:
            handover.take(connection(now=made.now), ServerFacts(), made.now)
        assert bridge.connection is not old
        assert not handover.is_due()
        assert not move.is_over
        handover.done(None)
        assert move.is_over
        assert made.server(A).address == bridge.reached == B

    def test_a_command_that_takes_long_holds_up_nobody(self):
        made = world()
        bridge = made.bridge(A)
        made.send("GET", "k")
        assert bridge.connection is not None
        bridge.connection.take(bridge.backlog, made.now)
        made.coordinator.mover().move(made.server(A), B, 5.0, "asked for")
        began, held = made.now, 0.0

        def take_its_time() -> None:
            nonlocal held
            for seconds in bridge.handovers[0].until_idle(lambda: made.now):
                held += seconds if bridge.connection.holding else 0.0
                made.now += seconds

        with pytest.raises(RedisTimeoutError, match="did not answer"):
            take_its_time()
        assert not bridge.connection.holding
        assert 5.0 <= made.now - began < 6.0
        assert held < 2.5

    def test_one_that_is_lost_meanwhile_is_not_replaced(self):
        made = world()
        bridge = made.bridge(A)
        made.coordinator.mover().move(made.server(A), B, 5.0, "asked for")
        bridge.go_down()
        with pytest.raises(RedisConnectionError, match="lost meanwhile"):
            next(bridge.handovers[0].until_idle(lambda: made.now))
        assert not bridge.handovers[0].is_due()

    def test_a_replica_does_not_take_the_place_of_a_primary(self):
        made = world()
        made.coordinator.mover().move(made.server(A), B, 5.0, "asked for")
        with pytest.raises(ReadOnlyError):
            replace(made, made.bridge(A), made.bridge(A).handovers[0], "replica")

    def test_what_was_connected_meanwhile_follows(self):
        made = world(connections_per_endpoint=2)
        second, first = (bridge for bridge in made.bridges if bridge.endpoint == A)
        assert second.connection is None
        move = made.coordinator.mover().move(made.server(A), B, 5.0, "asked for")
        [handover] = first.handovers
        second.come_up(made.now)  # it had been on its way to the old address
        replace(made, first, handover)
        handover.done(None)
        assert not move.is_over
        [late] = second.handovers
        assert late.address == B
        replace(made, second, late)
        late.done(None)
        assert move.is_over

    def test_the_child_of_a_fork_begins_anew(self):
        made = world(max_connection_lifetime=10.0)
        bridge = made.bridge(A)
        made.beat(12.0)
        assert len(bridge.handovers) == 1
        made.coordinator.left_to_parent(bridge)
        made.beat(12.0)
        assert len(bridge.handovers) == 2

    def test_lifetimes_differ(self):
        made = world(max_connection_lifetime=100.0)
        bridge = made.bridge(A)
        made.beat(89.0)
        assert bridge.handovers == []
        made.beat(22.0)
        assert len(bridge.handovers) == 1
        made.beat(50.0)
        assert len(bridge.handovers) == 1  # it was not done, and is tried again after another lifetime
        bridge.handovers[0].done(OSError("busy"))
        made.beat(70.0)
        assert len(bridge.handovers) == 2


def test_a_bridge_of_nobody_is_as_patient_as_ever() -> None:
    made, _ = established(timeout=1.0)
    assert made._patience(0.0) == 1.0
