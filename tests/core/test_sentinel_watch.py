"""The watch over sentinels, without a server: what is said to which, and when."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import pytest

from multiplexer import ConfigurationOptions, EndPoint
from multiplexer.core.sentinel.watch import DOUBT_INTERVAL, PATIENCE, SentinelWatch
from multiplexer.errors import RedisConnectionError, ResponseError

from .sentinels import SERVICE, SentinelBridge

S1, S2, S3, S4 = (EndPoint("sentinel", port) for port in (26379, 26380, 26381, 26382))
A, B, C = (EndPoint("server", port) for port in (6379, 6380, 6381))


class Scene:
    """A watch, its bridges, and the time."""

    def __init__(self, *endpoints: EndPoint, **options: Any) -> None:
        self.now = 0.0
        self.changes = 0
        self.bridges: list[SentinelBridge] = []
        self.options = ConfigurationOptions(endpoints=list(endpoints), service_name=SERVICE, **options)
        self.watch: SentinelWatch[SentinelBridge] = SentinelWatch(
            self.options,
            self._make,
            self._discard,
            self._changed,
            lambda: None,
            lambda seconds, call: call(),
            lambda: self.now,
            nullcontext(),
            "me",
        )
        self.watch.start()

    def _make(self, endpoint: EndPoint, kind: str, listener: Any) -> SentinelBridge:
        bridge = SentinelBridge(endpoint, kind, self.options, listener)
        self.bridges.append(bridge)
        return bridge

    def _discard(self, bridge: SentinelBridge) -> None:
        bridge.removed = True

    def _changed(self) -> None:
        self.changes += 1

    def best(self) -> EndPoint | None:
        """Return the primary to go by."""
        best = self.watch.directory.best()
        return None if best is None else best.primary

    def beat(self, now: float) -> None:
        """Let time pass."""
        self.now = now
        self.watch.beat(now)


def test_every_sentinel_is_connected_and_asked():
    scene = Scene(S1, S2)
    one, two = scene.bridges
    assert [one.started, two.started] == [1, 1]
    assert one.posted == []
    one.come_up()
    assert b"+switch-master" in one.subscribed
    assert one.listens
    one.name(A, B)
    assert scene.best() == A
    assert scene.watch.directory.replicas() == (B,)
    assert scene.changes == 1
    assert two.posted == []


def test_who_answers_first_counts_and_a_later_epoch_counts_more():
    scene = Scene(S1, S2)
    one, two = scene.bridges
    one.come_up()
    two.come_up()
    two.name(A, epoch=1)
    assert scene.best() == A
    one.name(B, epoch=2)
    assert scene.best() == B


def test_the_older_protocol_takes_a_second_connection_for_listening():
    scene = Scene(S1)
    (one,) = scene.bridges
    one.come_up(protocol=2)
    one.name(A)
    assert one.subscribed == []
    ear = scene.bridges[1]
    assert (ear.endpoint, ear.kind, ear.started) == (S1, "subscription", 1)
    assert scene.watch.introduction(ear).protocol == 2
    ear.come_up(protocol=2)
    assert b"+switch-master" in ear.subscribed
    one.name(A)
    scene.watch.pushed(ear, [b"message", b"+switch-master", b"mymaster server 6379 server 6380"])
    one.name(B, A, epoch=1)
    assert scene.best() == B
    one.go_down()
    one.come_up(protocol=2)
    assert len(scene.bridges) == 2
    assert ear.started == 2


def test_news_make_it_ask_who_sent_them():
    scene = Scene(S1, S2)
    one, two = scene.bridges
    for bridge in (one, two):
        bridge.come_up()
        bridge.name(A)
    scene.watch.pushed(one, [b"message", b"+switch-master", b"another server 6379 server 6380"])
    scene.watch.pushed(one, [b"invalidate", [b"k"]])
    assert one.posted == []
    scene.watch.pushed(one, [b"message", b"+switch-master", b"mymaster server 6379 server 6380"])
    assert two.posted == []
    scene.watch.pushed(one, [b"message", b"+slave", b"slave x server 6379 @ mymaster server 6380"])
    assert len(one.posted) == 4  # one question is under way already
    one.name(B, epoch=1)
    one.name(B, A, epoch=1)  # asked again, as there was further news
    assert one.posted == []
    assert scene.best() == B
    assert scene.watch.directory.replicas() == (A,)


def test_the_set_of_sentinels_is_refreshed():
    scene = Scene(S1)
    (one,) = scene.bridges
    one.come_up()
    one.name(A, sentinels=(S2, S3))
    assert scene.watch.endpoints == [S1, S2, S3]
    two, three = scene.bridges[1:]
    assert two.started == three.started == 1
    two.come_up()
    two.name(A, sentinels=(S1, S3))
    one.go_down()  # the seed may go: the others are known
    assert scene.best() == A
    three.go_down()
    assert scene.watch.endpoints == [S1, S2, S3]  # still named by one who should know
    scene.beat(100.0)
    two.name(A, sentinels=(S1, S4))
    assert scene.watch.endpoints == [S1, S2, S4]
    assert three.removed
    assert not one.removed  # it was configured


def test_what_was_said_before_the_connection_broke_counts_no_longer():
    scene = Scene(S1)
    (one,) = scene.bridges
    one.come_up()
    one.name(A)
    one.go_down()
    assert scene.best() is None
    assert str(scene.watch.directory.error()) == "no sentinel names a primary of 'mymaster' (sentinel:26379: gone)"
    one.come_up()
    one.name(B)
    assert scene.best() == B


def test_an_answer_over_the_connection_before_is_not_taken():
    scene = Scene(S1)
    (one,) = scene.bridges
    one.come_up()
    late, one.posted = one.posted, []
    one.go_down()
    one.come_up()
    for message in late:
        message.finish(RedisConnectionError("gone"))
    one.name(A)
    assert scene.best() == A


@pytest.mark.parametrize("error", [ResponseError("ERR No such master with that name"), RedisConnectionError("gone")])
def test_a_sentinel_that_does_not_know_the_service(error: Exception):
    scene = Scene(S1, S2)
    one, two = scene.bridges
    one.come_up()
    one.answer(error, error, error, error)
    assert scene.best() is None
    assert list(scene.watch.directory.failures) == [S1]
    two.come_up()
    two.name(A)
    assert scene.best() == A


def test_a_sentinel_that_hangs_counts_no_longer_until_it_answers():
    scene = Scene(S1, S2)
    one, two = scene.bridges
    one.come_up()
    one.name(A, epoch=1)
    two.come_up()
    two.name(B)
    scene.watch.refresh()
    two.name(B)
    scene.beat(PATIENCE + 0.1)
    assert scene.best() == B
    assert "no answer" in str(scene.watch.directory.failures[S1])
    one.name(A, epoch=1)
    assert scene.best() == A


def test_asking_from_time_to_time_and_more_often_in_doubt():
    scene = Scene(S1, config_check_seconds=60)
    (one,) = scene.bridges
    one.come_up()
    one.name(A)
    scene.beat(59.0)
    assert one.posted == []
    scene.beat(60.0)
    one.name(A)
    scene.watch.doubt()
    one.name(A)
    scene.beat(60.0 + DOUBT_INTERVAL)
    one.name(A)
    scene.watch.in_doubt = False
    scene.beat(61.0 + DOUBT_INTERVAL)
    assert one.posted == []


def test_sentinels_have_credentials_of_their_own():
    scene = Scene(
        S1,
        user="app",
        password="secret",
        sentinel_user="watcher",
        sentinel_password="other",
        command_map={"AUTH": None},
    )
    (one,) = scene.bridges
    introduction = scene.watch.introduction(one)
    assert (introduction.user, introduction.password) == ("watcher", "other")
    assert introduction.has_own_credentials
    assert introduction.command_map == {}  # that is the servers'
    assert (introduction.database, introduction.learn) == (0, False)


def test_other_options_hold_from_the_next_connection_on():
    scene = Scene(S1, sentinel_password="old", config_check_seconds=60)
    (one,) = scene.bridges
    one.come_up()
    one.name(A)
    scene.watch.reconfigure(scene.options.with_changes(sentinel_password="new", config_check_seconds=5))
    assert scene.watch.introduction(one).password == "new"
    assert one.options.sentinel_password == "new"
    scene.beat(5.0)
    one.name(B)
    assert scene.best() == B


def test_after_a_fork_it_asks_anew():
    scene = Scene(S1)
    (one,) = scene.bridges
    one.come_up()
    one.posted.clear()
    scene.watch.left_to_parent(one)
    one.come_up()
    one.name(A)
    assert scene.best() == A


def test_a_flood_of_sentinels_is_bounded():
    scene = Scene(S1)
    (one,) = scene.bridges
    one.come_up()
    one.name(A, sentinels=tuple(EndPoint("sentinel", port) for port in range(1, 1000)))
    assert len(scene.bridges) <= 32
