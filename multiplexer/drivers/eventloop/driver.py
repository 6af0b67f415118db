"""What all bridges of one asyncio multiplexer share: heartbeat, handlers, TLS context."""

from __future__ import annotations

import asyncio
import weakref
from _thread import get_ident
from collections.abc import Callable, Coroutine, Iterator
from contextlib import nullcontext
from contextvars import Context
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from ...core.diagnosis.events import MOST_WAITING
from ...core.logging import logger
from ...core.pubsub.overflow import Overflow
from ...errors import RedisError
from ...importing import importing
from ...snapshots import snapshot
from ..at_fork import after_fork_in_child
from ..base_driver import BaseDriver
from ..profiling import Profiling
from .bridge import EventLoopBridge
from .connector import Connector, NoConnector
from .handlers import HandlerQueue
from .helpers import ask_provider
from .message import LeasedTask, Nothing
from .sockets import open_socket
from .waiting import running_loop, timeout_at, wake

if TYPE_CHECKING:
    import socket

    from ...configuration import ConfigurationOptions, EndPoint
    from ...core.handshake.handshake import Introduction
    from ...core.seam import Listener

Spawned = TypeVar("Spawned", bound="asyncio.Task[Any]")

# Timers, tasks and transports are started in contexts of their own, which are empty: in that of whoever came first its
# variables would live on, for as long as the connection does.


def _profiled_bridge() -> type[EventLoopBridge]:
    with importing:
        from .profiled import ProfiledBridge  # only now: most are never profiled

    return ProfiledBridge


class Driver(BaseDriver):
    """Runs bridges on the event loop that is running when it is made.

    Raises:
        RuntimeError: No event loop is running, or one of trio's.
    """

    def __init__(self, options: ConfigurationOptions) -> None:
        super().__init__(options)
        self.loop = running_loop()
        # Asked of every call in place of get_running_loop(), which makes a system call: a thread runs one loop at
        # a time, so a loop that runs, in the thread it was connected in, is the running loop.
        self.thread = get_ident()
        self.is_running = self.loop.is_running
        _drivers.add(self)
        self.bridges: list[EventLoopBridge] = []
        #: What bridges are: of another class while a profiling session runs.
        self.bridge_class: type[EventLoopBridge] = EventLoopBridge
        self.profiling = Profiling(self, EventLoopBridge, _profiled_bridge)
        self.timeout = options.async_timeout
        self.lock = nullcontext()
        self.nothing = Nothing(loop=self.loop)
        self.nothing.set_result(None)
        self._heart: asyncio.TimerHandle | None = None
        self._beat_at = 0.0
        self._watchers: set[asyncio.Future[None]] = set()
        self._tasks: set[asyncio.Task[Any]] = set()

    def reconfigure(self, options: ConfigurationOptions) -> None:
        super().reconfigure(options)
        self.timeout = options.async_timeout

    make_lock = staticmethod(asyncio.Lock)

    @staticmethod
    def make_guard() -> Any:
        """Return what stands for a lock where one thread changes everything."""
        return nullcontext()

    # -- bridges ---------------------------------------------------------------------------------------

    def make_bridge(self, endpoint: EndPoint, kind: str, listener: Listener[Any]) -> EventLoopBridge:
        """Make a bridge; it connects when told to or first used."""
        bridge = self.bridge_class(endpoint, kind, self.options, listener, self.loop)
        bridge.connector = Connector(bridge, self)
        bridge.profiling = self.profiling
        self.bridges.append(bridge)
        if self.closed:
            bridge.close()  # found too late
        return bridge

    def make_waiting_room(self, endpoint: EndPoint, listener: Listener[Any]) -> EventLoopBridge:
        """Make a bridge that leads nowhere, for messages whose server is not known yet."""
        bridge = self.make_bridge(endpoint, "interactive", listener)
        bridge.connector = NoConnector(bridge, self)
        return bridge

    async def open_socket(self, endpoint: EndPoint, deadline: float) -> socket.socket:
        """Connect a socket to an endpoint.

        Raises:
            OSError: It cannot be reached, or not before the deadline (TimeoutError).
            RedisConnectionError: The tunnel refused.
        """
        return await open_socket(endpoint, self.options, self.addresses, deadline)

    async def introduced(self, introduction: Introduction, deadline: float) -> Introduction:
        """Complete an introduction by what the credential provider gives, if there is one.

        Raises:
            TimeoutError: It did not do so before the deadline.
        """
        provider = self.options.credential_provider
        if provider is None or introduction.has_own_credentials:
            return introduction
        return self._with(introduction, await ask_provider(provider, deadline))

    def hear(self, bridge: EventLoopBridge) -> None:
        """See that pushes are read: the loop always reads."""

    def attend(self, bridge: EventLoopBridge) -> None:
        """Find out at once whether a connection is broken: the loop does so by itself."""

    def connect_without_threads(self) -> None:
        """Connecting takes no threads here."""

    def remove_bridge(self, bridge: EventLoopBridge, error: RedisError) -> None:
        """Close a bridge and forget it; what is in flight fails with ``error``."""
        if bridge in self.bridges:
            self.bridges.remove(bridge)
            bridge.shut(error)

    # -- doing things later ----------------------------------------------------------------------------

    def later(self, seconds: float, call: Callable[..., Any], *args: Any) -> None:
        """Call something of the package's own in so many seconds."""
        if not self.closed:
            self.loop.call_later(seconds, self._call_unless_closed, call, args, context=Context())

    def _call_unless_closed(self, call: Callable[..., Any], args: tuple[Any, ...]) -> None:
        if self.closed:
            return
        try:
            call(*args)
        except Exception:
            logger().exception("a chore failed")

    def run(self, slices: Iterator[object]) -> None:
        """Do something of the package's own that takes long, one slice each turn of the loop."""
        try:
            next(slices)
        except StopIteration:
            return
        self.later(0.0, self.run, slices)

    # -- waiting for changes ---------------------------------------------------------------------------

    def notify(self) -> None:
        """Say that a bridge has changed its state."""
        for watcher in self._watchers:
            wake(watcher)
        self._watchers.clear()

    async def wait_for(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Wait until ``condition()`` holds, looking after every change of state; return whether it does."""
        deadline = monotonic() + seconds
        while not condition():
            if monotonic() >= deadline:
                return False
            watcher = self.loop.create_future()
            self._watchers.add(watcher)
            # Not asyncio.timeout: its timer would keep the caller's context variables until its time comes, although it
            # was cancelled long before.
            timer = self.loop.call_later(deadline - monotonic(), wake, watcher, context=Context())
            try:
                await watcher
            finally:
                timer.cancel()
                self._watchers.discard(watcher)
        return True

    async def let_others(self) -> None:
        """Let others have a turn, in the middle of what takes long."""
        await asyncio.sleep(0)

    async def pause(self, seconds: float) -> None:
        """Sleep, but no longer than until the driver is closed."""
        await self.wait_for(lambda: self.closed, seconds)

    # -- heartbeat -------------------------------------------------------------------------------------

    def wake(self) -> None:
        """See that the heart beats, also where Ctrl-C took the place of a beat, and so of all that follow."""
        if self.closed:
            return
        now = monotonic()
        if self._heart is None:
            self._schedule_beat(now)
        elif now > self._beat_at + self.options.heartbeat_interval:
            self._heart.cancel()  # it may be late only
            self._set_heart(0.0)

    def _schedule_beat(self, now: float) -> None:
        interval = self.options.heartbeat_interval
        self._beat_at = now + interval
        self._set_heart(interval)

    def _set_heart(self, seconds: float) -> None:
        # The timer holds no strong reference, so that a forgotten multiplexer can be collected.
        self._heart = self.loop.call_later(seconds, _beat_if_alive, weakref.ref(self), self._beat_at, context=Context())

    def beat(self, due: float) -> None:
        """Look at every bridge's deadlines and at whether its peer lives."""
        now = monotonic()
        lag = max(now - due, 0.0)
        try:
            for bridge in snapshot(self.bridges):
                beat_bridge(bridge, now, lag)
            self.on_beat(now)
        except Exception:
            logger().exception("the heartbeat failed")
        finally:
            if not self.closed:
                self._schedule_beat(now)

    # -- handlers --------------------------------------------------------------------------------------

    def make_queue(self, handler: Callable[[Any], Any]) -> HandlerQueue:
        """Make a queue of what a handler of the user's is to be called with, in later turns of the loop."""
        return HandlerQueue(self, handler, lambda: None, MOST_WAITING, Overflow.DROP_OLDEST)

    def call_later(self, handler: Callable[..., Any], *args: Any) -> None:
        """Call a handler of the user's once, in a later turn of the loop; it may be a coroutine function."""
        self.make_queue(lambda given: handler(*given)).put(args)

    def spawn(self, work: Coroutine[Any, Any, Any], context: Context | None = None) -> asyncio.Task[Any]:
        """Run something in a task of its own, which the loop alone would not keep alive.

        Args:
            work: What to run.
            context: Its context variables; None for the caller's, as what is done for a caller alone wants them.
        """
        return self._keep(self.loop.create_task(work, context=context))

    def spawn_call(self, work: Coroutine[Any, Any, Any]) -> LeasedTask:
        """Run a call that has a connection of its own; what is returned is awaited as a message is."""
        return self._keep(LeasedTask(work, loop=self.loop))

    def _keep(self, task: Spawned) -> Spawned:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    # -- ending ----------------------------------------------------------------------------------------

    async def drain(self, bridge: EventLoopBridge) -> None:
        """Take no more messages and wait until those taken are answered: replies come in order, so one more tells."""
        bridge.drain()
        if bridge.connection is None:
            return
        answered = self.loop.create_future()

        def answer(reply: object) -> None:
            if not answered.done():
                answered.set_result(reply)

        ping = bridge.keepalive()
        ping.then = answer
        bridge.backlog.append(ping)
        bridge.flush()
        try:
            async with timeout_at(monotonic() + self.timeout):
                await answered
        except TimeoutError:
            pass

    async def wait_for_end(self) -> None:
        """Let closed transports and cancelled tasks end."""
        for bridge in self.bridges:
            await bridge.connector.ended()
        for _ in range(2):  # a transport calls connection_lost in the turn after it was aborted
            await asyncio.sleep(0)

    def close(self, error: RedisError) -> None:
        """Close every bridge; what is in flight fails with ``error``."""
        self.closed = True
        if self._heart is not None:
            self._heart.cancel()
            self._heart = None
        for bridge in snapshot(self.bridges):
            bridge.shut(error)
        self.notify()


_drivers: weakref.WeakSet[Driver] = weakref.WeakSet()


def _after_fork_in_child() -> None:
    """The parent's loop looks as if it ran in this thread; it does not, and its sockets are the parent's."""
    for driver in tuple(_drivers):
        driver.thread = 0


after_fork_in_child(_after_fork_in_child)


def _beat_if_alive(reference: weakref.ref[Driver], due: float) -> None:
    driver = reference()
    if driver is not None:
        driver.beat(due)


def beat_bridge(bridge: EventLoopBridge, now: float, lag: float) -> None:
    """Do one bridge's heartbeat."""
    beat = bridge.beat(now, lag)
    for message in beat.expired:
        bridge.counters.failed += 1
        message.finish(bridge.timeout_error(message, now, message.options.timeout or bridge.options.async_timeout))
    bridge.make_up(now)
    connection = bridge.connection
    if connection is None:
        bridge.connector.keep_going()
    elif beat.drop is not None:
        bridge.break_connection(connection, beat.drop)
    elif beat.probe is not None:
        bridge.ask(connection, beat.probe)
    elif beat.ping and bridge.accepting:
        bridge.post([bridge.keepalive()])
