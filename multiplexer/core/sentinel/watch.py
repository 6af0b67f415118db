"""The sentinels of one multiplexer: a connection to each, and what they say of the service.

All known sentinels are connected, are listened to, and are asked whenever one announces a change, whenever one is
connected anew, when the multiplexer is in doubt about its servers, and from time to time. Whichever answers first
counts: nobody waits for one that hangs. Like :mod:`.coordinator` this is the bridges' listener: its methods run
wherever something happened, and never wait.
"""

from __future__ import annotations

import binascii
import os
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ...errors import RedisError, RedisTimeoutError
from ...snapshots import snapshot, snapshot_items
from ..handshake.conversation import Conversation
from ..handshake.handshake import Introduction
from ..logging import logger
from ..physical_bridge import BridgeState, PhysicalBridge
from ..physical_connection import SubscriptionMessage
from .directory import NEWS, Directory, View, ask, concerns

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from ...configuration import ConfigurationOptions, EndPoint
    from ..handshake.server_facts import ServerFacts
    from ..message import ForgottenMessage, Message
    from ..seam import Listener

Bridge = TypeVar("Bridge", bound=PhysicalBridge)

#: While something is in doubt the sentinels are asked every so many seconds.
DOUBT_INTERVAL = 0.5
#: A sentinel that has not answered for so many seconds counts no longer, until it does.
PATIENCE = 3.0
#: No more sentinels than this are connected to, however many one of them names.
MOST_SENTINELS = 32


class _Sentinel(Generic[Bridge]):
    """One sentinel.

    Attributes:
        bridge: What it is asked over, and under RESP3 listened to.
        ear: What it is listened to over, under RESP2.
        configured: Whether it is one of those the multiplexer was told of; others go when nobody names them.
        talk: The conversation under way, or None.
        asked_at: When that began.
        ask_again: Whether something was announced since.
    """

    __slots__ = ("ask_again", "asked_at", "bridge", "configured", "ear", "talk")

    def __init__(self, bridge: Bridge, configured: bool) -> None:
        self.bridge = bridge
        self.ear: Bridge | None = None
        self.configured = configured
        self.talk: Conversation[View] | None = None
        self.asked_at = 0.0
        self.ask_again = False

    @property
    def bridges(self) -> tuple[Bridge, ...]:
        return (self.bridge,) if self.ear is None else (self.bridge, self.ear)


class SentinelWatch(Generic[Bridge]):
    """What the sentinels of one service say, kept up to date.

    Attributes:
        directory: What they say.
        in_doubt: Whether to ask again and again, as the servers are not what the sentinels say.
    """

    def __init__(
        self,
        options: ConfigurationOptions,
        make_bridge: Callable[[EndPoint, str, Listener[PhysicalBridge]], Bridge],
        discard_bridge: Callable[[Bridge], None],
        changed: Callable[[], None],
        notify: Callable[[], None],
        later: Callable[[float, Callable[[], None]], None],
        clock: Callable[[], float],
        lock: AbstractContextManager[object],
        client_name: str,
    ) -> None:
        """Make a watch that does nothing before :meth:`start`.

        Args:
            options: The configuration, whose endpoints are sentinels.
            make_bridge: Makes a bridge, as the driver does.
            discard_bridge: Closes one.
            changed: Called after a sentinel has answered.
            notify: Called after something happened that somebody may wait for.
            later: Has something called in so many seconds, as the driver does.
            clock: The driver's clock.
            lock: Guards what several threads change.
            client_name: The connections' name.
        """
        assert options.service_name is not None
        self.options = options
        self.directory = Directory(options.service_name)
        self.in_doubt = False
        self._make_bridge = make_bridge
        self._discard_bridge = discard_bridge
        self._changed = changed
        self._notify = notify
        self._later = later
        self._clock = clock
        self._lock = lock
        self._client_name = client_name
        self._asked_at = clock()
        self._is_due = False
        self._sentinels: dict[EndPoint, _Sentinel[Bridge]] = {}
        self._add(options.endpoints, configured=True)

    # -- the set of sentinels --------------------------------------------------------------------------

    @property
    def bridges(self) -> list[Bridge]:
        """The bridge of each sentinel that is asked."""
        return [sentinel.bridge for sentinel in snapshot(self._sentinels.values())]

    @property
    def endpoints(self) -> list[EndPoint]:
        """The address of each sentinel."""
        return snapshot(self._sentinels)

    def start(self) -> None:
        """Connect to every sentinel."""
        for bridge in self.bridges:
            _connect(bridge)

    def reconfigure(self, options: ConfigurationOptions) -> None:
        """Take other options; what concerns the connections applies to the next ones."""
        self.options = options
        for sentinel in snapshot(self._sentinels.values()):
            for bridge in sentinel.bridges:
                bridge.reconfigure(options)

    def _add(self, endpoints: Iterable[EndPoint], configured: bool) -> list[_Sentinel[Bridge]]:
        """Make sentinels of addresses that are new."""
        added = []
        with self._lock:
            for endpoint in endpoints:
                if endpoint not in self._sentinels and (configured or len(self._sentinels) < MOST_SENTINELS):
                    sentinel = _Sentinel(self._make_bridge(endpoint, "sentinel", self), configured)
                    self._sentinels[endpoint] = sentinel
                    added.append(sentinel)
        return added

    def _refresh_set(self) -> None:
        """Connect to sentinels that are named, and drop those nobody names that cannot be reached either."""
        named = self.directory.sentinels()
        for sentinel in self._add(named, configured=False):
            logger().info("found the sentinel %s of %s", sentinel.bridge.endpoint, self.directory.service)
            _connect(sentinel.bridge)
        with self._lock:
            gone = [
                (endpoint, sentinel)
                for endpoint, sentinel in self._sentinels.items()
                if not sentinel.configured and endpoint not in named and sentinel.bridge.attempts
            ]
            for endpoint, _ in gone:
                del self._sentinels[endpoint]
                self.directory.failures.pop(endpoint, None)
        for _, sentinel in gone:
            for bridge in sentinel.bridges:
                self._discard_bridge(bridge)

    def _of(self, bridge: PhysicalBridge) -> _Sentinel[Bridge] | None:
        return self._sentinels.get(bridge.endpoint)

    # -- asking ----------------------------------------------------------------------------------------

    def doubt(self) -> None:
        """Something is not as the sentinels say: ask them soon, and again until :attr:`in_doubt` is reset."""
        self.in_doubt = True
        self.refresh()

    def refresh(self) -> None:
        """Have every sentinel that is connected asked soon.

        Not by whoever calls this: it may hold what a thread that reads from a sentinel waits for, and asking may have
        to wait for that one.
        """
        self._asked_at = self._clock()
        if not self._is_due:
            self._is_due = True
            self._later(0.0, self._ask_all)

    def _ask_all(self) -> None:
        self._is_due = False  # first: whoever doubts from here on has them asked once more
        for sentinel in snapshot(self._sentinels.values()):
            self._ask(sentinel)

    def beat(self, now: float) -> None:
        """Ask where that is due, and count out those who do not answer."""
        since = now - self._asked_at
        every = self.options.config_check_seconds
        if (self.in_doubt and since >= DOUBT_INTERVAL) or (every and since >= every):
            self.refresh()
        for endpoint, sentinel in snapshot_items(self._sentinels):
            if sentinel.talk is not None and now - sentinel.asked_at > PATIENCE and endpoint not in self._failed():
                self._fail(endpoint, RedisTimeoutError(f"no answer for {PATIENCE:g} s"))

    def _failed(self) -> dict[EndPoint, BaseException]:
        return self.directory.failures

    def _ask(self, sentinel: _Sentinel[Bridge]) -> None:
        bridge = sentinel.bridge
        if bridge.state is not BridgeState.ESTABLISHED:
            return
        with self._lock:
            if sentinel.talk is not None:
                sentinel.ask_again = True
                return
            talk = sentinel.talk = Conversation(
                ask(self.directory.service, self.options.address_remap),
                bridge.post,
                lambda talk: self._answered(sentinel, talk),
            )
            sentinel.asked_at = self._clock()
            sentinel.ask_again = False
        try:
            talk.start()
        except RedisError as error:
            sentinel.talk = None
            self._fail(bridge.endpoint, error)

    def _answered(self, sentinel: _Sentinel[Bridge], talk: Conversation[View]) -> None:
        if sentinel.talk is not talk:
            return  # of a connection before
        sentinel.talk = None
        endpoint = sentinel.bridge.endpoint
        if talk.result is None:
            self._fail(endpoint, talk.error or RedisError("no answer"))
            return
        with self._lock:
            self.directory.learn(endpoint, talk.result)
        self._refresh_set()
        self._changed()
        self._notify()
        if sentinel.ask_again:
            self._ask(sentinel)

    def _fail(self, endpoint: EndPoint, error: BaseException) -> None:
        with self._lock:
            self.directory.fail(endpoint, error)
        self._changed()
        self._notify()

    # -- the bridges' listener -------------------------------------------------------------------------

    def introduction(self, bridge: PhysicalBridge) -> Introduction:
        """Return what the handshake of a new connection shall say: sentinels have credentials of their own."""
        options = self.options
        wanted = None if options.protocol == "auto" else options.protocol
        return Introduction(
            user=options.sentinel_user,
            password=options.sentinel_password,
            protocol=2 if bridge.kind == "subscription" or wanted == 2 else None,
            client_name=self._client_name,
            learn=False,
            tracer=binascii.hexlify(os.urandom(8)).decode(),
            command_map={},
            has_own_credentials=True,
        )

    def established(self, bridge: PhysicalBridge, facts: ServerFacts) -> None:
        """A connection is up: subscribe over it, or over a second one where it could take no commands after that."""
        sentinel = self._of(bridge)
        if sentinel is None:
            return
        if bridge.kind == "sentinel":
            sentinel.talk = None  # its replies went down with the connection before
            if facts.protocol != 3:
                self._listen_apart(sentinel)
                return
        bridge.keep_reading(True)
        bridge.backlog.extendleft(reversed(_subscriptions()))

    def _listen_apart(self, sentinel: _Sentinel[Bridge]) -> None:
        with self._lock:
            if sentinel.ear is None:
                sentinel.ear = self._make_bridge(sentinel.bridge.endpoint, "subscription", self)
        _connect(sentinel.ear)

    def restored(self, bridge: PhysicalBridge) -> None:
        """The connection announced by :meth:`established` takes commands: hear what happened meanwhile."""
        logger().info("connected to the sentinel %s", bridge.endpoint)
        bridge.reported_failure = False
        sentinel = self._of(bridge)
        if sentinel is not None:
            self._ask(sentinel)
        self._notify()

    def connect_failed(self, bridge: PhysicalBridge, error: BaseException) -> None:
        """An attempt to connect failed; there will be another."""
        self._lost(bridge, error)

    def lost(self, bridge: PhysicalBridge, error: BaseException) -> None:
        """An established connection broke."""
        self._lost(bridge, error)

    def _lost(self, bridge: PhysicalBridge, error: BaseException) -> None:
        if bridge.state is BridgeState.CLOSED:
            return
        if not bridge.reported_failure:
            bridge.reported_failure = True
            logger().warning("the sentinel %s failed: %s", bridge.endpoint, str(error) or type(error).__name__)
        sentinel = self._of(bridge)
        if sentinel is not None and bridge is sentinel.bridge:
            sentinel.talk = None
            self._fail(bridge.endpoint, error)
            self._refresh_set()

    def left_to_parent(self, bridge: PhysicalBridge) -> None:
        """This is the child of a fork, and the connection was left to the parent."""
        self._is_due = False  # nothing is scheduled here
        sentinel = self._of(bridge)
        if sentinel is not None:
            sentinel.talk = None

    def pushed(self, bridge: PhysicalBridge, push: list[Any]) -> None:
        """An out-of-band message arrived: where it is news of the service, ask who sent it."""
        if push[0] != b"message" or not concerns(push[1], push[2], self.directory.service):
            return
        sentinel = self._of(bridge)
        if sentinel is not None:
            self._ask(sentinel)

    def resend(self, bridge: PhysicalBridge, message: Message, error: RedisError) -> None:
        """What a sentinel refuses is not sent again."""

    def belongs_elsewhere(self, bridge: PhysicalBridge, message: Message) -> bool:
        return False

    def beyond(self) -> str:
        """Sentinels are no group of deployments."""
        return ""

    def target(self, bridge: PhysicalBridge, message: Message) -> PhysicalBridge:
        """What is meant for one sentinel goes to no other."""
        return bridge

    def timed_out(self, bridge: PhysicalBridge, error: RedisError) -> None:
        """Nobody waits for sentinels."""

    def forgotten_failed(self, bridge: PhysicalBridge, message: ForgottenMessage, error: RedisError) -> None:
        """Nothing is sent to sentinels by callers."""


def _subscriptions() -> list[SubscriptionMessage]:
    # One command a channel, so that one that is forbidden leaves the others.
    return [SubscriptionMessage("SUBSCRIBE", (channel,)) for channel in NEWS]


def _connect(bridge: PhysicalBridge) -> None:
    bridge.connector.start()
