"""What the tests of the engine's core share: messages that remember, a bridge without a driver, and a driver without
sockets: a world in which the tests say what servers do, and when.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from multiplexer import ConfigurationOptions, EndPoint
from multiplexer.core.call_options import CallOptions, CommandFlags
from multiplexer.core.commands.command import Command, ReplayCategory
from multiplexer.core.commands.command_table import COMMANDS, find_command
from multiplexer.core.connection_counters import ConnectionCounters
from multiplexer.core.coordinator import Coordinator
from multiplexer.core.handshake.server_facts import ServerFacts
from multiplexer.core.message import MESSAGE_SLOTS, QUEUED, ForgottenMessage, Message, Unit
from multiplexer.core.physical_bridge import PhysicalBridge
from multiplexer.core.physical_connection import PhysicalConnection
from multiplexer.core.resending import words_of
from multiplexer.core.server_endpoint import ServerEndPoint
from multiplexer.core.types import Payload
from multiplexer.core.wire.resp import RespReader, pack
from multiplexer.errors import RedisConnectionError, RedisError

if TYPE_CHECKING:
    from multiplexer.core.diagnosis.events import EventQueue


class Remembering(Message):
    """A message that keeps every reply it is given; there must never be two."""

    __slots__ = ("bridge", "forgotten", "replies_given", *MESSAGE_SLOTS)

    def __init__(
        self,
        *words: Any,
        database: int = 0,
        deadline: float = 1e9,
        flags: CommandFlags = CommandFlags.NONE,
        retry_up_to: ReplayCategory = ReplayCategory.READ_ONLY,
    ) -> None:
        self.command = find_command(words)
        self.payload: Payload = pack(words)
        self.options = CallOptions(database=database, flags=flags, retry_up_to=retry_up_to)
        self.convert = None
        self.deadline = deadline
        self.phase = QUEUED
        self.attempts = 0
        self.sent_at = 0.0
        self.replies_given: list[Any] = []
        self.forgotten = False

    @property
    def reply(self) -> Any:
        """The only reply."""
        assert len(self.replies_given) == 1, self.replies_given
        return self.replies_given[0]

    def finish(self, reply: Any) -> None:
        self.replies_given.append(reply)

    def abandoned(self) -> bool:
        return self.forgotten


class Unheard(ForgottenMessage, Remembering):
    """A message that nobody waits for."""

    __slots__ = ("bridge",)

    def __init__(self, bridge: PhysicalBridge, *words: Any) -> None:
        super().__init__(*words)
        self.bridge = bridge


class RememberingUnit(Remembering, Unit):
    """Several commands in one message."""

    __slots__ = ("replies", "wanted")

    def __init__(self, *commands: tuple[Any, ...], database: int = 0, deadline: float = 1e9) -> None:
        super().__init__("PING", database=database, deadline=deadline)
        packed = [pack(words) for words in commands]
        parts: list[bytes] = []
        for payload in packed:
            parts += (payload,) if isinstance(payload, bytes) else payload
        self.payload = tuple(parts)
        self.command = COMMANDS["EXEC"]
        if ("MULTI",) not in commands:
            self.command = Command("a batch", replay=self.command.replay)
        self.replies: list[Any] = []
        self.wanted = len(commands)

    def finish(self, reply: Any) -> None:
        super().finish(list(reply) if isinstance(reply, list) else reply)


def connection(
    pushes: list[Any] | None = None, now: float = 0.0, kind: type[PhysicalConnection] = PhysicalConnection
) -> PhysicalConnection:
    """Make a connection whose pushes are collected."""
    made = kind(ConnectionCounters("interactive"), [].append if pushes is None else pushes.append, now)
    made.read_with(RespReader())
    return made


def options(**changes: Any) -> ConfigurationOptions:
    """Make a configuration of one server."""
    return ConfigurationOptions(endpoints=[EndPoint("server", 6379)], **changes)


class IdleBridge(PhysicalBridge):
    """A bridge that nothing drives."""

    def post(self, messages: Sequence[Any]) -> None:
        raise AssertionError("nobody sends anything here")

    def kick(self) -> None:
        pass

    def break_connection(self, connection: PhysicalConnection, error: BaseException) -> None:
        raise AssertionError("there is nothing to break")

    def hold(self, connection: PhysicalConnection) -> bool:
        raise AssertionError("there is nothing to hold")

    def let_go(self, connection: PhysicalConnection) -> None:
        raise AssertionError("there is nothing to let go")

    def keep_reading(self, always: bool) -> None:
        pass

    def hand_out_failures(self, failed: list[tuple[Message, RedisError]]) -> None:
        raise AssertionError("nothing fails here")


def bridge(now: float = 0.0, endpoint: EndPoint | None = None, **changes: Any) -> PhysicalBridge:
    """Make a bridge that nothing drives."""
    return IdleBridge(endpoint or EndPoint("server", 6379), "interactive", options(**changes), now)


def established(now: float = 0.0, **changes: Any) -> tuple[PhysicalBridge, PhysicalConnection]:
    """Make a bridge with a connection."""
    made = bridge(now, **changes)
    up = connection(now=now)
    made.established(up, now)
    return made, up


def feed(up: PhysicalConnection, data: bytes, now: float = 1.0) -> None:
    """Let a connection receive some bytes."""
    up.receive(data, len(data), now)


class WatchedLock:
    """A driver's lock that knows whether it is held. Nothing may be sent then, nor any connection broken: in threads,
    both may wait for one who reads, and who reads may wait for this lock.
    """

    def __init__(self) -> None:
        self._held = 0

    def __enter__(self) -> None:
        self._held += 1

    def __exit__(self, *_: object) -> None:
        self._held -= 1

    def check(self) -> None:
        """Fail where it is held."""
        assert not self._held, "done while the driver's lock is held"


class ToldBridge(PhysicalBridge):
    """A bridge that keeps what it is told, in place of a driver's.

    Attributes:
        lock: The driver's, under which a connection becomes established.
        started: How often it was told to connect.
        handovers: The connections it was told to make beside the one it has.
        posted: What it was told to send, and has not been answered.
        listens: Whether it reads all the time.
        removed: Whether it was closed for good.
    """

    def __init__(self, endpoint: EndPoint, kind: str, options: ConfigurationOptions, listener: Any) -> None:
        super().__init__(endpoint, kind, options, 0.0)
        self.listener = listener
        self.connector = self
        self.lock = WatchedLock()
        self.started = 0
        self.handovers: list[Any] = []
        self.posted: list[Any] = []
        self.listens = False
        self.removed = False

    def start(self) -> None:
        self.started += 1

    def hand_over(self, handover: Any) -> None:
        self.lock.check()
        self.handovers.append(handover)

    def keep_reading(self, always: bool) -> None:
        self.listens = always

    def hand_out_failures(self, failed: list[tuple[Message, RedisError]]) -> None:
        for message, error in failed:
            message.finish(error)

    def post(self, messages: Sequence[Any]) -> None:
        self.lock.check()
        if not self.accepting:
            raise self.rejection(messages[0])
        self.posted += messages

    def kick(self) -> None:
        self.lock.check()

    def hold(self, connection: PhysicalConnection) -> bool:
        self.lock.check()
        if self.connection is not connection or connection.holding:
            return False
        connection.holding = True
        return True

    def let_go(self, connection: PhysicalConnection) -> None:
        self.lock.check()
        connection.holding = False

    def break_connection(self, connection: PhysicalConnection, error: BaseException) -> None:
        self.lock.check()
        assert connection is self.connection
        self.go_down(error)

    def come_up(self, now: float = 0.0, **facts: Any) -> None:
        """Connect to a server that says these things of itself."""
        said = ServerFacts()
        said.protocol = 3
        for name, value in facts.items():
            setattr(said, name, value)
        with self.lock:
            self.listener.established(self, said)
            self.established(connection(now=now), now)
        self.listener.restored(self)

    def go_down(self, error: BaseException | None = None, now: float = 0.0) -> None:
        """Lose the connection, or fail to make one."""
        error = error or RedisConnectionError("gone")
        asked, self.posted = self.posted, []
        if self.connection is None:
            self.connect_failed(error, now)
            self.listener.connect_failed(self, error)
        else:
            self.lost(error, now)
            self.listener.lost(self, error)
        for message in asked:
            failure = RedisConnectionError("gone")
            failure.phase = "written"
            message.finish(failure)

    def asked(self) -> list[str]:
        """Return the commands it was told to send and has not answered."""
        return [b" ".join(words_of(message.payload)[0]).decode() for message in self.posted]

    def waiting(self) -> list[str]:
        """Return the commands in its backlog."""
        return [b" ".join(words_of(message.payload)[0]).decode() for message in self.backlog]

    def answer(self, *replies: Any) -> None:
        """Answer the oldest commands it was told to send."""
        answered, self.posted = self.posted[: len(replies)], self.posted[len(replies) :]
        for message, reply in zip(answered, replies, strict=True):
            message.finish(reply)

    def answer_to(self, command: str, reply: Any) -> None:
        """Answer the oldest of those commands it was told to send that read like this one."""
        self.posted.pop(self.asked().index(command)).finish(reply)

    def send_backlog(self) -> None:
        """Send what waits, as a driver does once it is connected."""
        self.posted[:0] = self.take_backlog()


class AtOnce:
    """A queue of events that keeps none."""

    def __init__(self, handler: Callable[[Any], Any]) -> None:
        self.put = handler


class World:
    """A coordinator, and a driver that makes bridges which are told what happens; time passes when a test says so.

    Attributes:
        now: The time, in seconds.
        bridges: Every bridge that was made, also those that are gone.
        notified: How often somebody who may wait was told to look.
    """

    def __init__(self, *endpoints: EndPoint, **changes: Any) -> None:
        self.now = 100.0
        self.closed = False
        self.lock = WatchedLock()
        self.bridges: list[ToldBridge] = []
        self.notified = 0
        self._due: list[tuple[float, Callable[..., Any], tuple[Any, ...]]] = []
        self.options = ConfigurationOptions(endpoints=list(endpoints), **changes)
        self.coordinator: Coordinator[ToldBridge] = Coordinator(self.options, self, lambda: self.now)
        self.told: list[tuple[str, ...]] = []
        self.coordinator.configuration_changed += lambda event: self.told.append((event.endpoint, *event.changes))
        self.coordinator.guide.start()

    @property
    def guide(self) -> Any:
        """The guide the coordinator has by now."""
        return self.coordinator.guide

    # -- what a driver does ----------------------------------------------------------------------------

    def make_bridge(self, endpoint: EndPoint, kind: str, listener: Any) -> ToldBridge:
        return self.take(ToldBridge(endpoint, kind, self.options, listener))

    def take(self, made: ToldBridge) -> ToldBridge:
        """Have a bridge among this world's."""
        made.lock = self.lock
        self.bridges.append(made)
        return made

    def make_waiting_room(self, endpoint: EndPoint, listener: Any) -> ToldBridge:
        return self.make_bridge(endpoint, "interactive", listener)

    def remove_bridge(self, bridge: ToldBridge, error: RedisError) -> None:
        self.lock.check()
        bridge.removed = True
        bridge.close()

    def make_queue(self, handler: Callable[[Any], Any]) -> EventQueue:
        return AtOnce(handler)

    def later(self, seconds: float, call: Callable[..., Any], *args: Any) -> None:
        self._due.append((self.now + seconds, call, args))

    def run(self, slices: Iterator[object]) -> None:
        if next(slices, slices) is not slices:
            self.later(0.0, self.run, slices)

    def hear(self, bridge: ToldBridge) -> None:
        bridge.listens = True

    def notify(self) -> None:
        self.notified += 1

    # -- what a test says ------------------------------------------------------------------------------

    def wait(self, seconds: float = 0.0) -> None:
        """Let time pass, and do what becomes due meanwhile, in its order."""
        until = self.now + seconds
        while due := [entry for entry in self._due if entry[0] <= until]:
            entry = min(due, key=lambda each: each[0])
            self._due.remove(entry)
            when, call, args = entry
            self.now = max(self.now, when)
            call(*args)
        self.now = until

    def turn(self) -> None:
        """Do the first of what is due now, where anything is."""
        for entry in self._due:
            if entry[0] <= self.now:
                self._due.remove(entry)
                entry[1](*entry[2])
                return

    def lose_what_is_due(self) -> list[Any]:
        """Forget what is due now, and return it: nothing of it will be done."""
        lost = [entry for entry in self._due if entry[0] <= self.now]
        self._due = [entry for entry in self._due if entry[0] > self.now]
        return lost

    def beat(self, seconds: float = 1.0) -> None:
        """Let time pass until the next heartbeat."""
        self.wait(seconds)
        self.coordinator.beat(self.now)

    def server(self, endpoint: EndPoint) -> ServerEndPoint[ToldBridge]:
        """Return a server that is known."""
        found = self.coordinator.server_set.get(endpoint)
        assert found is not None
        return found

    def bridge(self, endpoint: EndPoint, kind: str = "interactive") -> ToldBridge:
        """Return the latest bridge that was made to an address."""
        return next(bridge for bridge in reversed(self.bridges) if (bridge.endpoint, bridge.kind) == (endpoint, kind))

    def come_up(self, endpoint: EndPoint, role: str | None = "primary", **facts: Any) -> ToldBridge:
        """Have a server connected that says it has a role."""
        bridge = self.bridge(endpoint)
        bridge.come_up(self.now, **{"role": role, "mode": "standalone", "version": (9, 1), **facts})
        self.wait()
        return bridge

    def go_down(self, endpoint: EndPoint) -> ToldBridge:
        """Have a server's connection break, or an attempt to make one fail."""
        bridge = self.bridge(endpoint)
        bridge.go_down(now=self.now)
        self.wait()
        return bridge

    def say_role(self, endpoint: EndPoint, role: str, mode: str = "standalone") -> None:
        """Have a server answer that was asked for its role."""
        bridge = self.bridge(endpoint)
        assert bridge.asked()[:3] == ["INFO SERVER", "INFO REPLICATION", "ROLE"]
        word = {"primary": "master", "replica": "slave"}[role]
        bridge.answer(f"redis_mode:{mode}\r\n".encode(), f"role:{word}\r\n".encode(), [word.encode()])
        self.wait()

    def target(self, *words: Any, **call: Any) -> EndPoint:
        """Return where a command goes now."""
        command, strategy = find_command(words), self.coordinator.strategy
        chosen = strategy.only or strategy.select(command, CallOptions(**call), words)
        return chosen.endpoint

    def send(self, *words: Any, **call: Any) -> Remembering:
        """Have a command wait where it belongs now."""
        message = Remembering(*words, **call)
        strategy = self.coordinator.strategy
        chosen = strategy.only or strategy.select(message.command, message.options, words)
        chosen.backlog.append(message)
        return message


#: Three primaries that share the slots evenly.
FIRST, SECOND, THIRD = (EndPoint("node", port) for port in (7001, 7002, 7003))
#: A replica of the first.
REPLICA = EndPoint("node", 7004)
#: A key of each of them, in this order.
KEYS = (b"b", b"c", b"a")

#: Shards as servers say them: first and last slot, the primary, and its replicas.
Shards = tuple[tuple[int, int, EndPoint, *tuple[EndPoint, ...]], ...]
SHARDS: Shards = ((0, 5460, FIRST, REPLICA), (5461, 10922, SECOND), (10923, 16383, THIRD))


class ClusterWorld(World):
    """One whose servers are members of a cluster, as they say once they are connected."""

    def join(self, endpoint: EndPoint, role: str = "primary") -> ToldBridge:
        """Have a member connected, and time pass until somebody may have been asked for the topology."""
        bridge = self.come_up(endpoint, role, mode="cluster")
        self.wait(0.1)
        return bridge

    def describe(self, endpoint: EndPoint, shards: Shards = SHARDS, epoch: int = 1, state: str = "ok") -> None:
        """Have a member answer that was asked for the topology."""
        bridge = self.bridge(endpoint)
        info = f"cluster_state:{state}\r\ncluster_known_nodes:4\r\ncluster_current_epoch:{epoch}\r\n"
        bridge.answer_to("CLUSTER INFO", info.encode())
        said: list[Any] = []
        for first, last, *members in shards:
            said.append([first, last, *([each.host.encode(), each.port, str(each).encode(), []] for each in members)])
        bridge.answer_to("CLUSTER SLOTS", said)
        self.wait()

    def asked_within(self, seconds: float) -> EndPoint:
        """Let time pass until a member is asked for the topology, which must come to pass; return which."""
        until = self.now + seconds
        while not (asked := self.asked()):
            assert self.now < until
            self.wait(0.01)
        [endpoint] = asked
        return endpoint

    def asked(self) -> list[EndPoint]:
        """Return who was asked for the topology and has not answered."""
        return [bridge.endpoint for bridge in self.bridges if "CLUSTER INFO" in bridge.asked()]


def joined(*others: EndPoint, **changes: Any) -> ClusterWorld:
    """One whose first member is connected, and was asked for the topology."""
    world = ClusterWorld(FIRST, *others, **changes)
    world.join(FIRST)
    return world


def cluster(**changes: Any) -> ClusterWorld:
    """Three primaries and a replica, known and connected."""
    world = joined(**changes)
    world.describe(FIRST)
    for endpoint in (SECOND, THIRD):
        world.join(endpoint)
    world.join(REPLICA, "replica")
    return world
