"""What all bridges of one blocking multiplexer share: heartbeat, handlers, TLS context, fork handling."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from ...core.diagnosis.events import MOST_WAITING
from ...core.logging import logger
from ...core.pubsub.overflow import Overflow
from ...errors import RedisError
from ...importing import importing
from ...snapshots import snapshot
from ..at_fork import after_fork_in_child, free_in_child
from ..base_driver import BaseDriver
from ..profiling import Profiling
from .bridge import ThreadBridge
from .chores import Chores, run_slices
from .connector import Connector, NoConnector
from .handlers import Crew, HandlerQueue
from .message import ThreadMessage
from .primitives import Lock, RLock, Thread, current_thread, monotonic, sleep
from .sockets import open_socket, require_poll
from .waiting import Bell, Latch

if TYPE_CHECKING:
    import socket

    from ...configuration import ConfigurationOptions, EndPoint
    from ...core.handshake.handshake import Introduction
    from ...core.seam import Listener


def _profiled_bridge() -> type[ThreadBridge]:
    with importing:
        from .profiled import ProfiledBridge  # only now: most are never profiled

    return ProfiledBridge


class Driver(BaseDriver):
    """Runs bridges on threads.

    Raises:
        ConfigurationError: The standard library was patched by eventlet.
    """

    def __init__(self, options: ConfigurationOptions) -> None:
        require_poll()
        super().__init__(options)
        self.bridges: list[ThreadBridge] = []
        #: What bridges are: of another class while a profiling session runs.
        self.bridge_class: type[ThreadBridge] = ThreadBridge
        self.profiling = Profiling(self, ThreadBridge, _profiled_bridge)
        self.timeout = options.sync_timeout
        #: Guards who the servers and bridges are, which subscriptions are placed where, and the counters of leases. Its
        #: users keep it, so a fork does not replace it but frees it.
        self.lock: Any = RLock()
        self._renew()
        _drivers.add(self)

    def _renew(self) -> None:
        #: Whoever waits for a bridge to change its state. No condition: Ctrl-C may strike as that has taken its lock.
        self._watchers: set[Bell] = set()
        self._stop = Latch()
        #: Guards the start of the heartbeat: of many first callers one starts it. Re-entrant for finalizers that call.
        self._heart_lock = RLock()
        self._heart: Thread | None = None
        self._chores = Chores()
        self.crew = Crew(self.later)

    def reconfigure(self, options: ConfigurationOptions) -> None:
        super().reconfigure(options)
        self.timeout = options.sync_timeout

    make_lock = staticmethod(Lock)

    @staticmethod
    def make_guard() -> Any:
        """Return a lock for what several threads change; whoever has it may take it again, and a fork frees it."""
        return free_in_child(RLock())

    # -- bridges ---------------------------------------------------------------------------------------

    def make_bridge(self, endpoint: EndPoint, kind: str, listener: Listener[Any]) -> ThreadBridge:
        """Make a bridge; it connects when told to or first used."""
        bridge = self.bridge_class(endpoint, kind, self.options, listener)
        bridge.connector = Connector(bridge, self)
        bridge.profiling = self.profiling
        self.bridges.append(bridge)
        if self.closed:
            bridge.close()  # found too late
        return bridge

    def make_waiting_room(self, endpoint: EndPoint, listener: Listener[Any]) -> ThreadBridge:
        """Make a bridge that leads nowhere, for messages whose server is not known yet."""
        bridge = self.make_bridge(endpoint, "interactive", listener)
        bridge.connector = NoConnector(bridge, self)
        return bridge

    def open_socket(self, endpoint: EndPoint, deadline: float) -> socket.socket:
        """Connect a socket to an endpoint.

        Raises:
            OSError: It cannot be reached, or not before the deadline (TimeoutError).
            RedisConnectionError: The tunnel refused.
        """
        return open_socket(endpoint, self.options, self.addresses, deadline)

    def introduced(self, introduction: Introduction, deadline: float) -> Introduction:
        """Complete an introduction by what the credential provider gives, if there is one.

        It is asked in this thread, so the deadline is for it to keep.
        """
        provider = self.options.credential_provider
        if provider is None or introduction.has_own_credentials:
            return introduction
        return self._with(introduction, provider.get_credentials())

    def hear(self, bridge: ThreadBridge) -> None:
        """See that pushes are read soon after they arrive, also while nobody waits for a reply."""
        with importing:
            from .hearing import Ear  # only now: most multiplexers cache nothing

        channel = bridge.channel
        if channel is not None:
            Ear(bridge, channel).start()

    def attend(self, bridge: ThreadBridge) -> None:
        """Find out at once whether a connection is broken."""
        bridge.attend()

    def connect_without_threads(self) -> None:
        """Make an attempt to connect in this thread wherever none could be started for it."""
        for bridge in snapshot(self.bridges):
            bridge.connector.start_or_connect()

    def remove_bridge(self, bridge: ThreadBridge, error: RedisError) -> None:
        """Close a bridge and forget it; what is in flight fails with ``error``."""
        try:
            self.bridges.remove(bridge)
        except ValueError:
            return  # somebody else did
        bridge.shut(error)

    # -- doing things later ----------------------------------------------------------------------------

    def later(self, seconds: float, call: Callable[..., Any], *args: Any) -> None:
        """Call something of the package's own in so many seconds, on a thread that may take its time."""
        if not self.closed:
            self._chores.later(seconds, call, args)

    def run(self, slices: Iterable[object]) -> None:
        """Do something of the package's own that takes long, letting others have their turn between its slices."""
        self.later(0.0, run_slices, slices)

    # -- waiting for changes ---------------------------------------------------------------------------

    def notify(self) -> None:
        """Say that a bridge has changed its state."""
        for watcher in snapshot(self._watchers):
            watcher.ring()

    def wait_for(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Wait until ``condition()`` holds, looking after every change of state; return whether it does."""
        deadline = monotonic() + seconds
        bell = Bell()
        try:
            self._watchers.add(bell)
            while not condition():
                left = deadline - monotonic()
                if left <= 0:
                    return False
                bell.wait(left)
            return True
        finally:
            self._watchers.discard(bell)

    def let_others(self) -> None:
        """Let others have a turn, in the middle of what takes long."""
        sleep(0)

    def pause(self, seconds: float) -> None:
        """Sleep, but no longer than until the driver is closed."""
        self._stop.wait(seconds)

    # -- heartbeat -------------------------------------------------------------------------------------

    def wake(self) -> None:
        """See that the heart beats (again, in the child of a fork)."""
        if self._heart is not None:
            return
        with self._heart_lock:
            if self._heart is None and not self.closed:
                heart = Thread(
                    target=_beat_until_gone,
                    args=(weakref.ref(self), self._stop, self.options.heartbeat_interval),
                    name="multiplexer-heartbeat",
                    daemon=True,
                )
                try:
                    heart.start()
                except RuntimeError as error:
                    # No thread to be had now, or the interpreter is ending: the next call tries again, and this one may
                    # well do without.
                    logger().error("multiplexer-heartbeat: %s", error)
                    return
                self._heart = heart  # not before: an interrupted start is made up for by the next call

    def beat(self, now: float, lag: float) -> None:
        """Look at every bridge's deadlines and at whether its peer lives."""
        for bridge in snapshot(self.bridges):
            beat_bridge(bridge, now, lag)
        self.on_beat(now)

    # -- handlers --------------------------------------------------------------------------------------

    def make_queue(self, handler: Callable[[Any], Any]) -> HandlerQueue:
        """Make a queue of what a handler of the user's is called with, on a thread that has nothing else to do."""
        return HandlerQueue(self, handler, lambda: None, MOST_WAITING, Overflow.DROP_OLDEST)

    def call_later(self, handler: Callable[..., Any], *args: Any) -> None:
        """Call a handler of the user's once, on a thread that has nothing else to do."""
        self.make_queue(lambda given: handler(*given)).put(args)

    # -- ending ----------------------------------------------------------------------------------------

    def drain(self, bridge: ThreadBridge) -> None:
        """Take no more messages and wait until those taken are answered: replies come in order, so one more tells."""
        bridge.drain()
        if bridge.connection is not None:
            ping = bridge.keepalive()
            deadline = monotonic() + self.timeout
            bridge.send_last(ThreadMessage(ping.command, ping.payload, ping.options, None, deadline))

    def wait_for_end(self) -> None:
        """Wait for the driver's own threads to end, unless this is one of them."""
        heart = self._heart
        if heart is not None and heart is not current_thread():
            heart.join(1.0)

    def close(self, error: RedisError) -> None:
        """Close every bridge; what is in flight fails with ``error``."""
        self.closed = True
        self._stop.open()
        self._chores.stop()
        self.crew.stop()
        for bridge in snapshot(self.bridges):
            bridge.shut(error)
        self.notify()

    def forget(self) -> None:
        """In the child of a fork: forget the parent's threads, locks and sockets."""
        self.lock._at_fork_reinit()
        self.crew.abandon()
        self._renew()
        for bridge in self.bridges:
            bridge.forget()


def beat_bridge(bridge: ThreadBridge, now: float, lag: float) -> None:
    """Do one bridge's heartbeat."""
    beat = bridge.beat(now, lag)
    for message in beat.expired:
        bridge.counters.failed += 1
        message.finish(bridge.timeout_error(message, now, bridge.timeout_of(message)))
    connection = bridge.connection
    if connection is None:
        if bridge.ever_established:
            bridge.connector.start()  # where the thread that lost the connection was interrupted before it did
    elif beat.drop is not None:
        bridge.break_connection(connection, beat.drop)
    elif beat.probe is not None:
        bridge.ask(connection, beat.probe)
    elif beat.ping and bridge.accepting:
        bridge.post([bridge.keepalive()])
        bridge.pump.start()
    elif bridge.pump.always:
        bridge.pump.start()  # it reads already, unless it was interrupted
    else:
        bridge.attend()


def _beat_until_gone(reference: weakref.ref[Driver], stop: Latch, interval: float) -> None:
    due = monotonic() + interval
    try:
        while not stop.wait(max(due - monotonic(), 0)):
            driver = reference()
            if driver is None:
                return
            now = monotonic()
            try:
                driver.beat(now, max(now - due, 0.0))
            except Exception:
                logger().exception("the heartbeat failed")
            del driver
            due = max(due + interval, now)
    except BaseException:  # raised in this thread from outside
        driver = reference()
        if driver is not None:
            driver._heart = None  # whoever needs it next starts another
        raise


_drivers: weakref.WeakSet[Driver] = weakref.WeakSet()


def _after_fork_in_child() -> None:
    for driver in tuple(_drivers):
        if not driver.closed:
            driver.forget()


after_fork_in_child(_after_fork_in_child)
