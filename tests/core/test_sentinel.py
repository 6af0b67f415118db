"""What sentinels say, and what is made of it where they differ."""

from __future__ import annotations

from typing import Any

import pytest

from multiplexer.configuration import EndPoint
from multiplexer.core.sentinel.directory import Directory, View, ask, concerns, is_usable_primary, usable_replicas
from multiplexer.errors import MasterNotFoundError, NoPermissionError, RedisConnectionError, RedisError, ResponseError

A, B, C = (EndPoint("10.0.0.1", port) for port in (6379, 6380, 6381))
S1, S2, S3 = (EndPoint("10.0.0.9", port) for port in (26379, 26380, 26381))


def entry(endpoint: EndPoint, flags: str, **more: Any) -> list[bytes]:
    fields = {"name": "x", "ip": endpoint.host, "port": endpoint.port, "flags": flags} | more
    return [str(word).encode() for name, value in fields.items() for word in (name.replace("_", "-"), value)]


def primary(endpoint: EndPoint = A, flags: str = "master", epoch: int = 3, others: int = 2) -> list[bytes]:
    return entry(endpoint, flags, config_epoch=epoch, num_other_sentinels=others)


def converse(state: Any, replicas: Any, others: Any, named: EndPoint | None = None) -> View:
    steps = ask("mymaster")
    words = ("MASTER", "GET-MASTER-ADDR-BY-NAME", "SLAVES", "SENTINELS")
    assert next(steps) == tuple(("SENTINEL", word, "mymaster") for word in words)
    address = None if named is None else [named.host.encode(), str(named.port).encode()]
    with pytest.raises(StopIteration) as stop:
        steps.send([state, address, replicas, others])
    assert isinstance(stop.value.value, View)
    return stop.value.value


def view(primary: EndPoint, epoch: int = 1, *others: EndPoint, sentinels: tuple[EndPoint, ...] = ()) -> View:
    return View(primary, epoch, others, sentinels)


class TestAsking:
    def test_all_is_well(self):
        replicas = [entry(B, "slave"), entry(C, "slave")]
        found = converse(primary(), replicas, [entry(S2, "sentinel"), entry(S3, "sentinel")])
        assert found == View(A, 3, (B, C), (S2, S3))

    def test_maps_of_the_newer_protocol(self):
        as_map = dict(zip(primary()[::2], primary()[1::2], strict=True))
        assert converse(as_map, [], []) == View(A, 3, (), ())

    def test_replicas_that_are_down_are_left_out(self):
        replicas = [entry(B, "s_down,slave,disconnected"), entry(C, "slave")]
        assert converse(primary(), replicas, []).replicas == (C,)

    def test_a_new_primary_still_listed_as_replica(self):
        replicas = [entry(B, "slave"), entry(C, "slave")]
        assert converse(primary(), replicas, [], named=B) == View(B, 3, (C, A), ())
        assert converse(primary(flags="master,s_down,o_down"), replicas, [], named=B) == View(B, 3, (C,), ())

    def test_addresses_that_are_not_known_yet(self):
        unknown = [b"name", b"x", b"ip", b"?", b"port", b"0", b"flags", b"slave"]
        found = converse(primary(), [unknown, entry(C, "slave")], [unknown])
        assert (found.replicas, found.sentinels) == ((C,), ())

    def test_addresses_behind_another(self):
        def remap(place: tuple[str, int]) -> tuple[str, int]:
            return "outside", place[1]

        steps = ask("mymaster", remap)
        next(steps)
        with pytest.raises(StopIteration) as stop:
            steps.send([primary(), [b"10.0.0.1", b"6379"], [entry(B, "slave")], [entry(S2, "sentinel")]])
        outside = [EndPoint("outside", port) for port in (6379, 6380, 26380)]
        assert stop.value.value == View(outside[0], 3, (outside[1],), (outside[2],))

    @pytest.mark.parametrize(
        ("reply", "kind", "message"),
        [
            (ResponseError("ERR No such master with that name"), MasterNotFoundError, "'mymaster' is unknown"),
            (NoPermissionError("NOPERM"), NoPermissionError, "NOPERM"),
            (RedisConnectionError("gone"), RedisConnectionError, "gone"),
            (entry(EndPoint("h"), "master"), MasterNotFoundError, "no address"),
        ],
    )
    def test_no_answer(self, reply: Any, kind: type[RedisError], message: str):
        steps = ask("mymaster")
        next(steps)
        with pytest.raises(kind, match=message):
            steps.send([reply, None, [], []])


class TestStates:
    def state(self, **flags: bool) -> dict[str, Any]:
        names = ("is_master", "is_sdown", "is_odown")
        return {"ip": "h", "port": 1, "num-other-sentinels": 2} | {name: flags.get(name, False) for name in names}

    def test_usable_primary(self):
        assert is_usable_primary(self.state(is_master=True))
        assert is_usable_primary(self.state(is_master=True), 2)
        assert not is_usable_primary(self.state(is_master=True), 3)
        assert not is_usable_primary(self.state())
        assert not is_usable_primary(self.state(is_master=True, is_sdown=True))
        assert not is_usable_primary(self.state(is_master=True, is_odown=True))

    def test_usable_replicas(self):
        assert usable_replicas([self.state(), self.state(is_sdown=True), self.state(is_odown=True)]) == [("h", 1)]


class TestNews:
    @pytest.mark.parametrize(
        ("channel", "data"),
        [
            (b"+switch-master", b"mymaster 10.0.0.1 6379 10.0.0.1 6380"),
            (b"+sdown", b"master mymaster 10.0.0.1 6379"),
            (b"-sdown", b"slave 10.0.0.1:6380 10.0.0.1 6380 @ mymaster 10.0.0.1 6379"),
            (b"+sentinel", b"sentinel 1f 10.0.0.9 26380 @ mymaster 10.0.0.1 6379"),
        ],
    )
    def test_it_concerns_the_service(self, channel: bytes, data: bytes):
        assert concerns(channel, data, "mymaster")
        assert not concerns(channel, data, "10.0.0.1")
        assert not concerns(channel, data, "other")

    @pytest.mark.parametrize("channel", [b"+switch-master", b"+sdown"])
    @pytest.mark.parametrize("data", [b"", b"mymasters", b"master", b"slave x y z @"])
    def test_nonsense(self, channel: bytes, data: bytes):
        assert not concerns(channel, data, "mymaster")


class TestDirectory:
    def directory(self, *views: View) -> Directory:
        directory = Directory("mymaster")
        for sentinel, found in zip((S1, S2, S3), views, strict=False):
            directory.learn(sentinel, found)
        return directory

    def test_nobody_knows(self):
        directory = self.directory()
        assert directory.best() is None
        assert directory.replicas() == ()
        assert str(directory.error()) == "no sentinel names a primary of 'mymaster'"

    def test_the_later_epoch_wins_over_the_majority(self):
        directory = self.directory(view(A, 1), view(B, 2), view(A, 1))
        assert directory.best() == view(B, 2)

    def test_the_majority_wins_at_the_same_epoch(self):
        directory = self.directory(view(B, 2), view(A, 2), view(A, 2))
        assert directory.best() == view(A, 2)

    def test_a_lie_is_passed_over_once_disproved(self):
        directory = self.directory(view(A, 1, B), view(C, 99), view(A, 1, B))
        assert directory.best() == view(C, 99)
        directory.disprove(C)
        assert directory.best() == view(A, 1, B)
        assert directory.replicas() == (B,)
        directory.learn(S2, view(C, 100))
        assert directory.best() == view(C, 100)  # made a primary after all

    def test_what_was_disproved_may_be_confirmed_later(self):
        directory = self.directory(view(A, 1))
        directory.disprove(A)
        assert directory.best() is None
        assert "10.0.0.9:26379: 10.0.0.1:6379 is none" in str(directory.error())
        directory.confirm(A)
        assert directory.best() == view(A, 1)

    def test_who_fails_counts_no_longer(self):
        directory = self.directory(view(A, 1), view(B, 2))
        directory.fail(S2, RedisConnectionError("refused"))
        assert directory.best() == view(A, 1)
        directory.fail(S1, TimeoutError())
        assert str(directory.error()) == (
            "no sentinel names a primary of 'mymaster' (10.0.0.9:26380: refused; 10.0.0.9:26379: TimeoutError)"
        )
        directory.learn(S2, view(B, 2))
        assert list(directory.failures) == [S1]

    def test_replicas_of_those_who_agree(self):
        directory = self.directory(view(A, 1, B), view(A, 1, C, B), view(C, 0, A))
        assert directory.replicas() == (B, C)

    def test_the_sentinels_are_refreshed(self):
        directory = self.directory(view(A, sentinels=(S2,)), view(A, sentinels=(S3, S1)))
        assert directory.sentinels() == (S1, S2, S3)
