"""One server, one bridge to it, callers, and what must hold whatever the order of their steps."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from math import inf
from types import SimpleNamespace
from typing import Any

from multiplexer.configuration import ConfigurationOptions, EndPoint
from multiplexer.core.call_options import CallOptions, CommandFlags
from multiplexer.core.commands.command import Command
from multiplexer.core.commands.command_table import find_command
from multiplexer.core.handshake.handshake import Introduction
from multiplexer.core.physical_bridge import BridgeState
from multiplexer.core.wire.resp import pack
from multiplexer.drivers.threads.bridge import _DRAIN_SLICE, ThreadBridge
from multiplexer.drivers.threads.channel import READ_SLICE
from multiplexer.drivers.threads.driver import Driver
from multiplexer.drivers.threads.executor import Executor
from multiplexer.drivers.threads.message import PENDING, ThreadForgotten, ThreadMessage, ThreadUnit
from multiplexer.errors import (
    MultiplexerClosedError,
    RedisConnectionError,
    RedisError,
    RedisTimeoutError,
    ResponseError,
)
from multiplexer.retry import ConstantBackoff

from .network import Event, Network
from .primitives import Thread
from .scheduler import BEGINNING, FOREVER, SCHEDULER, Task

SERVER = EndPoint("server", 6379)
#: Who calls once more in the end.
LAST = "the last caller"
#: Seconds a call may end after its deadline; no time passes while anybody can do something.
LATE = 0.001


class Listener:
    """What a coordinator is to a bridge, as far as one server needs it."""

    def __init__(self) -> None:
        self.losses = 0
        self.forgotten: list[RedisError] = []

    def introduction(self, bridge: object) -> Introduction:
        return Introduction(tracer="trace", command_map={}, protocol=2, learn=False)

    def established(self, bridge: object, facts: object) -> None:
        pass

    def restored(self, bridge: object) -> None:
        pass

    def connect_failed(self, bridge: object, error: BaseException) -> None:
        pass

    def lost(self, bridge: object, error: BaseException) -> None:
        self.losses += 1

    def pushed(self, bridge: object, push: object) -> None:
        pass

    def resend(self, bridge: object, message: object, error: RedisError) -> None:
        return None

    def belongs_elsewhere(self, bridge: object, message: object) -> bool:
        return False

    def beyond(self) -> str:
        return ""

    def timed_out(self, bridge: object, error: RedisError) -> None:
        pass

    def forgotten_failed(self, bridge: object, message: object, error: RedisError) -> None:
        self.forgotten.append(error)


@cache
def _options(changes: tuple[tuple[str, Any], ...]) -> ConfigurationOptions:
    return ConfigurationOptions(endpoints=[SERVER], **dict(changes))


#: None, so that another connection may be there before anybody has taken another step.
_BACKOFF = ConstantBackoff(0)


class Caller:
    """Whoever calls once.

    Attributes:
        words: What it sends: a command, or several side by side.
        reply: What its call returned or raised; None before.
        ended: When.
        fails: Errors its call may raise.
    """

    def __init__(
        self,
        world: World,
        name: str,
        words: tuple[str, ...] | list[tuple[str, ...]],
        timeout: float,
        at: float,
        database: int,
        fails: tuple[type[BaseException], ...],
        forget: bool,
    ) -> None:
        self.world = world
        self.name = name
        self.words = words
        self.timeout = timeout
        self.at = BEGINNING + at
        self.options = CallOptions(database, flags=CommandFlags.FIRE_AND_FORGET if forget else CommandFlags.NONE)
        self.fails = fails
        self.message: Any = None
        self.reply: Any = None
        self.ended = self.reads_since = inf
        self.is_struck = False
        self.task: Task | None = None

    def run(self) -> None:
        """Call."""
        world, bridge = self.world, self.world.bridge
        SCHEDULER.wait(lambda: False, self.at - SCHEDULER.now, "for its time")
        task = SCHEDULER.current
        assert task is not None
        self.task = task
        now = SCHEDULER.now
        if isinstance(self.words, list):
            payloads = [pack(words) for words in self.words]
            replay = max(find_command(words).replay for words in self.words)
            command = Command(f"a batch of {len(payloads)} commands", replay=replay)
            unit = tuple(
                part for payload in payloads for part in ([payload] if isinstance(payload, bytes) else payload)
            )
            self.message = ThreadUnit(command, unit, len(payloads), self.options, now + self.timeout)
        else:
            deadline = now + self.timeout
            self.message = ThreadMessage(find_command(self.words), pack(self.words), self.options, None, deadline)
        if world.callers[0] is self:
            world.may_strike()
        try:
            if self.options.forget:
                Executor._forget(SimpleNamespace(_driver=world.driver), self.message, bridge)  # type: ignore[arg-type]
                self.reply = self.wanted()
            else:
                bridge.call(self.message, now)
                self.reply = self.message.reply
        except RedisError as error:
            self.reply = error
        except KeyboardInterrupt as error:
            self.reply = error
        finally:
            self.is_struck = world.spare()
            self.ended = SCHEDULER.now

    @property
    def waits(self) -> bool:
        """Whether it is in its call."""
        return self.message is not None and self.reply is None

    def wanted(self) -> Any:
        """Return what its reply must be."""
        if isinstance(self.words, list):
            return [_reply_to(words) for words in self.words]
        return _reply_to(self.words)

    def look(self) -> list[str]:
        """Return what is wrong with how its call has ended."""
        reply, message = self.reply, self.message
        if reply is None:
            return [f"{self.name} never came back"]
        wrong = []
        if self.ended > message.deadline + LATE:
            wrong.append(f"{self.name} came back {self.ended - message.deadline:.3f} s late")
        if isinstance(reply, KeyboardInterrupt):
            return wrong if self.is_struck else [*wrong, f"{self.name} was interrupted by nobody"]
        served = self.world.served(self)
        if isinstance(reply, RedisTimeoutError) and self.ended < message.deadline - LATE:
            wrong.append(f"{self.name} gave up before its time: {reply}")
        elif isinstance(reply, RedisError):
            # What only reads is sent again, and who is struck may give the connection up.
            if not isinstance(reply, self.fails) and not self.world.may_fail(self, reply):
                wrong.append(f"{self.name} failed: {reply!r}")
            if not reply.was_sent and any(served):
                wrong.append(f"{self.name} was told that it was not sent, and the server has done it: {reply}")
        elif reply != self.wanted():
            wrong.append(f"{self.name} got {reply!r} for {self.words}")
        if message.attempts > self.world.listener.losses + SCHEDULER.has_struck:
            wrong.append(f"{self.name} was sent again {message.attempts} times for {self.world.listener.losses} losses")
        return wrong


def _reply_to(words: tuple[str, ...]) -> bytes:
    return b"OK" if words[0] == "SET" else words[1].encode()


class World:
    """A bridge and what surrounds it.

    Attributes:
        strike: At which step Ctrl-C strikes; None for never.
        losses: How many connections may be lost.
        renewals: How many may be renewed.
        looks: What else must hold whenever time passes, and in the end.
        is_closed: Whether the driver is closed in the end, so that no call works any more.
    """

    def __init__(self, strike: int | None = None, **changes: Any) -> None:
        changes.setdefault("reconnect_backoff", _BACKOFF)
        self.strike = strike
        self.network = Network()
        self.options = _options((*sorted(changes.items()), ("socket_factory", _CONNECT)))
        self.listener = Listener()
        _NETWORKS[0] = self.network
        self.driver = Driver(self.options)
        self.bridge: ThreadBridge = self.driver.make_bridge(SERVER, "interactive", self.listener)  # type: ignore[arg-type]
        self.callers: list[Caller] = []
        self.tasks: list[tuple[str, Callable[[], None]]] = []
        self.events: list[Event] = []
        self.looks: list[Callable[[], list[str]]] = []
        self.is_closed = False
        self.is_connected = True
        self.has_threads = True
        self.losses = self.renewals = 0
        self.was_struck = False
        self._wrong_since: dict[str, float] = {}

    # -- what scenes are made of -----------------------------------------------------------------------

    def call(
        self,
        *words: str,
        batch: list[tuple[str, ...]] | None = None,
        timeout: float = 5.0,
        at: float = 0.0,
        database: int = 0,
        fails: tuple[type[BaseException], ...] = (),
        forget: bool = False,
    ) -> None:
        """Let there be a caller."""
        name = f"caller-{'ABCDEFG'[len(self.callers)]}"
        self.callers.append(Caller(self, name, batch or words, timeout, at, database, fails, forget))

    def task(self, name: str, work: Callable[[], None]) -> None:
        """Let something else go on beside the callers."""
        self.tasks.append((name, work))

    def event(self, name: str, happen: Callable[[], None], at: float = 0.0) -> None:
        """Let something happen, at any moment from some time on."""
        self.events.append(Event(name, happen, BEGINNING + at))

    def lose(self, how: str, at: float = 0.0) -> None:
        """Let the first connection be lost at some moment from some time on, but before more time passes."""

        def happen() -> None:
            sock = self.network.sockets[0]
            if how == "reset":
                sock.is_reset = True
                sock.inbound.clear()
            elif how == "cut":
                del sock.inbound[len(sock.inbound) // 2 :]
            sock.has_ended = True

        self.losses += 1
        self.event(how, happen, at)

    def close(self, drain: bool = False) -> None:
        """Let the driver be closed at some moment."""
        self.is_closed = True
        self.losses += 1

        def work() -> None:
            if drain:
                self.driver.drain(self.bridge)
            self.driver.close(MultiplexerClosedError("the multiplexer is closed"))

        self.task("closer", work)

    def may_strike(self) -> None:
        """From here on Ctrl-C may strike the task that runs, until :meth:`spare`."""
        if self.strike is not None:
            assert SCHEDULER.current is not None
            SCHEDULER.strike_at(SCHEDULER.current, self.strike)
            self.strike = None

    def spare(self) -> bool:
        """From here on it does not; returns whether it did."""
        assert SCHEDULER.current is not None
        was_struck = SCHEDULER.spare(SCHEDULER.current)
        self.was_struck = self.was_struck or was_struck
        return was_struck

    # -- a run -----------------------------------------------------------------------------------------

    def play(self) -> None:
        """Run from beginning to end, as the first task."""
        SCHEDULER.quiet = self.quiet
        if self.is_connected and self.callers:
            self.bridge.connector._attempt()  # type: ignore[attr-defined]
        if self.strike is not None:
            self.driver.wake()
        Thread.are_to_be_had = self.has_threads
        SCHEDULER.explore()
        tasks: list[Task] = [SCHEDULER.spawn(caller.name, caller.run) for caller in self.callers]
        tasks += [SCHEDULER.spawn(name, work) for name, work in self.tasks]
        for event in self.events:
            SCHEDULER.add_actor(event)
        SCHEDULER.wait(lambda: all(task.is_over for task in tasks), FOREVER, "for callers")
        SCHEDULER.rest()
        Thread.are_to_be_had = True
        SCHEDULER.settle()
        SCHEDULER.muted += 1
        for wrong in [*(each for caller in self.callers for each in caller.look()), *self.quiet()]:
            SCHEDULER.complain(wrong)
        SCHEDULER.muted -= 1
        if self.callers and not self.is_closed and not SCHEDULER.complaints:
            self._call_once_more()
        SCHEDULER.muted += 1
        for wrong in self.quiet() + self.at_the_end():
            SCHEDULER.complain(wrong)
        SCHEDULER.muted -= 1

    def _call_once_more(self) -> None:
        """Whatever has happened, the connection works, or another one does."""
        last = Caller(self, LAST, ("GET", "last"), 30.0, 0.0, 0, (), False)
        self.callers.append(last)
        last.run()
        SCHEDULER.settle()
        for wrong in last.look():
            SCHEDULER.complain(wrong)

    def served(self, caller: Caller) -> list[int]:
        """Return on which connections the server has done what a caller sent."""
        commands = caller.words if isinstance(caller.words, list) else [caller.words]
        wanted = [[word.encode() for word in words] for words in commands]
        return [number for number, _, words in self.network.served if words in wanted]

    def may_fail(self, caller: Caller, error: RedisError) -> bool:
        """Whether a caller may fail because a connection was lost, as far as it was: reads are sent again."""
        if caller.name == LAST:
            return False
        if SCHEDULER.has_struck and isinstance(error, RedisTimeoutError | RedisConnectionError):
            return True  # what was under way may have been lost twice, or was in the hands of who was struck
        if not isinstance(error, RedisConnectionError) or not self.listener.losses:
            return False
        return error.was_sent and (isinstance(caller.words, list) or caller.words[0] == "SET")

    # -- what must hold --------------------------------------------------------------------------------

    def quiet(self) -> list[str]:
        """Return what is wrong, now that nobody can do anything before time passes.

        Once Ctrl-C has struck, it is wrong only where it stays so: heartbeat and sleepers look again within a second.
        What the one who was struck had just taken out of one queue, and not put into another, is gone: whoever waits
        for that is told so at its deadline.
        """
        wrong = self._look()
        if SCHEDULER.has_struck:
            now = SCHEDULER.now
            return [each for each in wrong if now > self._wrong_since.setdefault(each, now) + 1.1]
        return wrong

    def _look(self) -> list[str]:
        bridge = self.bridge
        connection, channel = bridge.connection, bridge.channel
        wrong = [each for look in self.looks for each in look()]
        waiting = [caller for caller in self.callers if caller.waits]
        queued = [*bridge.backlog, *(connection.sent if connection is not None else ())]
        strays = []
        for caller in waiting:
            if caller.options.forget or self.is_busy(caller):
                continue
            if caller.message.reply is not PENDING and self.has_threads:
                wrong.append(f"{caller.name} waits, though its reply is there")
            elif caller.message not in queued and self.has_threads:
                strays.append(caller.name)
        if len(strays) > bridge.parked and not SCHEDULER.has_struck:
            wrong.append(f"one of {', '.join(strays)} waits, and its message is nowhere")
        if len(queued) < self.options.max_pending and bridge._parked and bridge.parked:
            wrong.append("somebody waits for room, and there is some")
        if connection is not None and channel is not None and bridge.state is BridgeState.ESTABLISHED:
            sock: Any = channel._sock
            if bridge.backlog and not connection.holding and not bridge.write_lock._count:
                wrong.append("a message is queued, and nobody sends it")
            if connection.holding and not connection.sent and not self.is_held():
                wrong.append("the connection takes nothing, and nobody will change that")
            if connection.sent and sock.can_read() and not (bridge.read_lock._count or self.is_writer_back_soon()):
                wrong.append("there are replies, and nobody reads them")
        elif bridge.backlog and bridge.state is not BridgeState.CLOSED and self.has_threads:
            connector: Any = bridge.connector
            if not connector._worker.is_running and not connector._is_swapping:
                wrong.append("a message is queued, and nobody connects")
        return wrong

    def is_busy(self, caller: Caller) -> bool:
        """Whether a caller does something for others, though it has its own reply.

        Who reads may be answered by a writer whom the server has refused a database; it then hears of it within a
        second. Who writes goes on until the socket takes no more and its time is up.
        """
        bridge, task = self.bridge, caller.task
        if bridge.write_lock._owner is task and bridge.write_lock._count:
            return True
        if bridge.read_lock._owner is not task or not bridge.read_lock._count or caller.message.reply is PENDING:
            return False
        if not isinstance(caller.message.reply, ResponseError):
            return False
        caller.reads_since = min(caller.reads_since, SCHEDULER.now)
        return SCHEDULER.now < caller.reads_since + READ_SLICE

    def is_writer_back_soon(self) -> bool:
        """Whether who writes looks in a few milliseconds whether it has to read: another did when it last looked."""
        writer = self.bridge.write_lock._owner if self.bridge.write_lock._count else None
        return writer is not None and writer.deadline <= SCHEDULER.now + _DRAIN_SLICE

    def is_held(self) -> bool:
        """Whether somebody who is not a message has the connection take nothing for a while."""
        return any(task.name in ("write", "move") for task in SCHEDULER.tasks)

    def at_the_end(self) -> list[str]:
        """Return what is wrong in the end, with nobody at work."""
        bridge = self.bridge
        wrong = []
        for caller in self.callers:
            served = self.served(caller)
            commands = caller.words if isinstance(caller.words, list) else [caller.words]
            if len(served) > len(commands) and any(words[0] == "SET" for words in commands):
                wrong.append(f"{caller.name}'s command was done {len(served)} times")
            if len(set(served)) != len(served) and len(commands) == 1:
                wrong.append(f"{caller.name}'s command was sent twice over one connection")
        for _, database, words in self.network.served:
            owners = [each for each in self.callers if words[1].decode() in _keys(each)]
            if owners and owners[0].options.database != database:
                wrong.append(f"{words} was done in database {database}")
        losses = self.losses + any(caller.is_struck for caller in self.callers)
        if self.listener.losses > losses:
            wrong.append(f"{self.listener.losses} connections were given up, and {losses} were lost")
        if self.has_threads and len(self.network.sockets) > 1 + losses + self.renewals:
            wrong.append(f"{len(self.network.sockets)} connections were made, and {losses} were lost")
        counters = bridge.snapshot_counters()
        if counters.unaccounted and not SCHEDULER.has_struck:
            wrong.append(f"the counters do not add up by {counters.unaccounted}: {counters}")
        if counters.responses_awaiting_async_completion or bridge.parked:
            wrong.append("somebody is counted as waiting for room")
        if self.is_closed and (counters.sent_items_awaiting_response or counters.pending_unsent_items):
            wrong.append(f"something is left in what was closed: {counters}")
        return wrong


def _keys(caller: Caller) -> list[str]:
    return [words[1] for words in caller.words] if isinstance(caller.words, list) else [caller.words[1]]


#: Options are made once, so what they name finds the network of the run.
_NETWORKS: list[Any] = [None]


def _CONNECT(endpoint: object, timeout: float) -> Any:
    return _NETWORKS[0].connect(endpoint, timeout)


#: What a caller may be told where its deadline counts.
TIMED_OUT = (RedisTimeoutError,)
CLOSED = (MultiplexerClosedError,)

__all__ = ["CLOSED", "TIMED_OUT", "Caller", "ThreadForgotten", "World"]
