"""What is wanted, what is confirmed, who is told."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from multiplexer import Publication
from multiplexer.core.pubsub.subscriptions import Subscriptions
from multiplexer.core.types import Topic
from multiplexer.errors import NoPermissionError, RedisConnectionError

NEWS: Topic = ("channel", b"news")
MORE: Topic = ("channel", b"more")
ALL: Topic = ("pattern", b"n*")


class World:
    """Subscriptions, and what they told others."""

    def __init__(self) -> None:
        self.changes = 0
        self.again: list[Topic] = []
        self.got: list[Publication] = []
        self.subscriptions = Subscriptions(nullcontext(), self._changed, self.again.extend)

    def _changed(self) -> None:
        self.changes += 1

    def confirm(self, *topics: Topic, reply: Any = None) -> None:
        for message in self.subscriptions.messages(topics):
            message.finish(reply)


def awaited(subscriptions: Subscriptions, *topics: Topic) -> set[Topic]:
    """Return what somebody waits for who has just asked for these."""
    left: set[Topic] = set()
    subscriptions.await_settled(topics, left)
    return left


def test_only_the_first_receiver_of_a_topic_subscribes_and_only_the_last_unsubscribes() -> None:
    world = World()
    first: list[Publication] = []
    second: list[Publication] = []
    wanted = world.subscriptions
    assert wanted.want([NEWS, MORE], first.append) == [NEWS, MORE]
    assert wanted.want([NEWS], second.append) == []
    assert len(wanted) == 2
    assert wanted.unwant([NEWS, MORE], first.append) == [MORE]
    assert wanted.unwant([NEWS], second.append) == [NEWS]
    assert wanted.unwant([NEWS], second.append) == []
    assert wanted.topics() == []


def test_all_receivers_can_be_sent_away_at_once() -> None:
    world = World()
    world.subscriptions.want([NEWS], [].append)
    world.subscriptions.want([NEWS, ALL], [].append)
    assert world.subscriptions.topics("pattern") == [ALL]
    assert world.subscriptions.unwant([NEWS], None) == [NEWS]
    assert world.subscriptions.topics() == [ALL]


def test_confirmation_and_refusal_settle_a_topic() -> None:
    world = World()
    wanted = world.subscriptions
    wanted.want([NEWS, MORE], world.got.append)
    assert not wanted.is_settled([NEWS])
    left, others = awaited(wanted, NEWS, MORE), awaited(wanted, NEWS, ALL)
    world.confirm(NEWS)
    assert (left, others) == ({MORE}, {ALL})
    assert wanted.is_settled([NEWS])
    assert wanted.confirmed == {NEWS}
    refusal = NoPermissionError("NOPERM")
    world.confirm(MORE, reply=refusal)
    assert wanted.is_settled([NEWS, MORE])
    assert wanted.refused == {MORE: refusal}
    assert left == set()
    assert awaited(wanted, NEWS, MORE) == set()
    assert world.changes == 1  # nobody was told of the half of it
    wanted.forget_awaited(others)
    assert not wanted._awaited
    wanted.unwant([MORE], None)
    wanted.want([MORE], world.got.append)  # another attempt forgets the refusal
    assert wanted.refused == {}


def test_a_lost_connection_refuses_nothing_and_unsettles_everything() -> None:
    world = World()
    world.subscriptions.want([NEWS], world.got.append)
    error = RedisConnectionError("lost")
    error.phase = "written"
    world.confirm(NEWS, reply=error)
    assert world.subscriptions.refused == {}
    world.confirm(NEWS)
    world.subscriptions.lost(0.0)
    assert world.subscriptions.confirmed == frozenset()
    assert world.subscriptions.topics() == [NEWS]  # what is wanted stays wanted


def test_messages_reach_everyone_who_wants_them() -> None:
    world = World()
    other: list[Publication] = []
    wanted = world.subscriptions
    wanted.want([NEWS, ALL], world.got.append)
    wanted.want([NEWS], other.append)
    assert wanted.deliver([b"message", b"news", b"hi"])
    assert wanted.deliver([b"pmessage", b"n*", b"news", b"hi"])
    assert wanted.deliver([b"message", b"unwanted", b"hi"])
    assert not wanted.deliver([b"invalidate", [b"key"]])
    plain = Publication(b"news", b"hi", None, "channel")
    assert world.got == [plain, Publication(b"news", b"hi", b"n*", "pattern")]
    assert other == [plain]


def test_a_command_names_many_topics_of_one_kind() -> None:
    wanted = World().subscriptions
    names = [b"%d" % number for number in range(100)]
    topics: list[Topic] = [("channel", name) for name in names]
    first, second, pattern, *shards = wanted.messages([*topics, ALL, ("shard", b"s"), ("shard", b"t")])
    assert (first.awaited, second.awaited) == (set(names[:64]), set(names[64:]))
    assert pattern.payload == b"*2\r\n$10\r\nPSUBSCRIBE\r\n$2\r\nn*\r\n"
    assert [shard.awaited for shard in shards] == [{b"s"}, {b"t"}]  # they may be of different slots
    long: list[Topic] = [("channel", bytes([letter]) * 20_000) for letter in b"abc"]
    assert [len(message.awaited) for message in wanted.endings([*long, *topics[:64]])] == [1, 1, 1, 64]


def test_one_that_is_refused_does_not_refuse_those_it_was_asked_for_with() -> None:
    world = World()
    wanted = world.subscriptions
    third: Topic = ("channel", b"third")
    wanted.want([NEWS, MORE, third], world.got.append)
    left = awaited(wanted, NEWS, MORE, third)
    refusal = NoPermissionError("NOPERM")
    world.confirm(NEWS, MORE, reply=refusal)
    assert (wanted.confirmed, wanted.refused) == (set(), {})
    assert world.again == [NEWS, MORE]
    one, other = wanted.messages(world.again)
    one.finish(None)
    other.finish(refusal)
    assert (wanted.confirmed, wanted.refused) == ({NEWS}, {MORE: refusal})
    assert left == {third}
    # From now on only the one that is refused goes by itself.
    assert [message.awaited for message in wanted.messages([MORE, NEWS, third])] == [{b"more"}, {b"news", b"third"}]


def test_commands_for_single_topics() -> None:
    wanted = World().subscriptions
    payloads = [message.payload for message in wanted.messages([NEWS, ALL])]
    assert payloads == [b"*2\r\n$9\r\nSUBSCRIBE\r\n$4\r\nnews\r\n", b"*2\r\n$10\r\nPSUBSCRIBE\r\n$2\r\nn*\r\n"]
    (ending,) = wanted.endings([ALL])
    assert ending.payload == b"*2\r\n$12\r\nPUNSUBSCRIBE\r\n$2\r\nn*\r\n"
    (shard,) = wanted.messages([("shard", b"s")])
    assert shard.payload == b"*2\r\n$10\r\nSSUBSCRIBE\r\n$1\r\ns\r\n"


def test_an_end_that_overtook_a_beginning_is_made_up_for() -> None:
    """One thread unsubscribes while another subscribes to the same topic; their commands left in the other order."""
    world = World()
    world.subscriptions.want([NEWS], world.got.append)
    world.confirm(NEWS)
    (ending,) = world.subscriptions.endings([NEWS])
    ending.finish(None)
    assert world.again == [NEWS]
    world.subscriptions.unwant([NEWS], None)
    ending.finish(None)
    assert world.again == [NEWS]


def test_an_end_the_server_decided_on_subscribes_again() -> None:
    world = World()
    world.subscriptions.want([NEWS], world.got.append)
    world.confirm(NEWS)
    assert world.subscriptions.ended([b"unsubscribe", b"news", 0])
    assert world.subscriptions.confirmed == frozenset()
    assert world.again == [NEWS]


def test_what_was_interrupted_is_told_when_it_is_confirmed_again() -> None:
    world = World()
    told: list[tuple[Topic, float, int]] = []
    subscriptions = world.subscriptions

    def resumed(topic: Topic) -> None:
        told.append((topic, subscriptions.interrupted[topic], subscriptions.interruptions))

    subscriptions.resumed = (resumed,)
    other: Topic = ("channel", b"other")
    subscriptions.want([NEWS, other], world.got.append)
    world.confirm(NEWS)
    assert told == []  # the first time nothing was missed
    subscriptions.lost(5.0)
    assert subscriptions.interrupted == {NEWS: 5.0}  # the other one was never heard
    subscriptions.lost(7.0)
    world.confirm(other)
    world.confirm(NEWS)
    assert told == [(NEWS, 5.0, 2)]
    assert subscriptions.interrupted == {}
    subscriptions.lost(9.0)
    subscriptions.unwant([NEWS], None)
    assert subscriptions.interrupted == {other: 9.0}
