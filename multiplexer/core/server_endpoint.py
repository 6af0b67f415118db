"""One server: what is known of it, and the bridges that lead to it."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ..errors import RedisError
from .connection_counters import ConnectionCounters, ServerCounters, sum_of
from .features import Features
from .handshake.server_facts import ServerFacts
from .physical_bridge import BridgeState, PhysicalBridge

if TYPE_CHECKING:
    from typing import Protocol

    from ..configuration import EndPoint

    class Windows(Protocol):
        """The times in which a server is being maintained; see :mod:`.maintenance.windows`."""

        def take(self, said: Any, now: float) -> bool: ...
        def close(self, said: Any, now: float) -> None: ...
        def open_ones(self, now: float) -> list[str]: ...
        def opened_at(self, now: float) -> float | None: ...


Bridge = TypeVar("Bridge", bound=PhysicalBridge)

#: Facts about the server, and not about the connection that learnt them.
_OF_THE_SERVER = tuple(name for name in ServerFacts.__slots__ if name not in ("protocol", "client_id", "database"))

#: While a server's role is in doubt it is asked again after so many seconds.
DOUBT_INTERVAL = 1.0


class ServerEndPoint(Generic[Bridge]):
    """A server and its bridges.

    Attributes:
        endpoint: Its address, by which it is known.
        address: Where it is reached: the same, unless it was moved.
        interactive: The bridge commands take.
        subscription: A second bridge, once something subscribes; else None.
        facts: What the server said of itself.
        features: What it can do.
        checked_at: When its role was last asked for, in seconds of the driver's clock.
        checking: Whether a role check is under way (there is never more than one).
        in_doubt: Whether its role may be another by now.
        doubted_at: When it was last asked because of such a doubt, in seconds of the driver's clock.
        leaves_at: When it is closed, having left; meaningless before.
        described_at: When it last described the cluster it is known to be in, or refused to; in seconds of the
            driver's clock.
        latency: Seconds from a PING to its reply, smoothed; 0 where nobody has measured.
        windows: When it is being maintained; None where it has never announced that.
        is_compared: Whether somebody compares its latency with others', and so it is measured.
        stripes: Every bridge that takes commands, `interactive` first; more than one where
            ``connections_per_endpoint`` says so, and then each key has its own.
    """

    def __init__(self, endpoint: EndPoint, interactive: Bridge, *more: Bridge) -> None:
        self.endpoint = self.address = endpoint
        self.interactive = interactive
        self.stripes: tuple[Bridge, ...] = (interactive, *more)
        for bridge in self.stripes:
            bridge.server = self
        self.subscription: Bridge | None = None
        self.facts = ServerFacts()
        self.features = Features(self.facts)
        self.checked_at = 0.0
        self.checking = False
        self.in_doubt = False
        self.doubted_at = -inf
        self.leaves_at = 0.0
        self.described_at = -inf
        self.latency = 0.0
        self.is_compared = False
        self.windows: Windows | None = None

    def __repr__(self) -> str:
        return f"<ServerEndPoint {self.endpoint} {self.role} {self.interactive.state.name.lower()}>"

    @property
    def role(self) -> str:
        """``"primary"``, ``"replica"``, ``"proxy"``, or ``"unknown"``."""
        return self.facts.role or "unknown"

    @property
    def is_connected(self) -> bool:
        """Whether commands are sent at once."""
        return self.interactive.state is BridgeState.ESTABLISHED

    @property
    def bridges(self) -> tuple[Bridge, ...]:
        """Every bridge there is."""
        return self.stripes if self.subscription is None else (*self.stripes, self.subscription)

    def under_way(self, now: float) -> list[str]:
        """Return what is being done to it just now, such as ``MIGRATING 7``; most often nothing."""
        return [] if self.windows is None else self.windows.open_ones(now)

    def bridge_for(self, slot: int) -> Bridge:
        """Return the bridge that a slot's commands take: always the same, so that they keep their order."""
        stripes = self.stripes
        return self.interactive if slot < 0 or len(stripes) == 1 else stripes[slot % len(stripes)]

    def connect(self) -> None:
        """See that it is connected, soon and in the background."""
        for bridge in self.stripes:
            bridge.connector.start()

    def silence(self, now: float) -> float:
        """Return for how many seconds something was due and nothing was read."""
        return max(_silence(bridge, now) for bridge in self.stripes)

    def give_up(self, error: RedisError) -> None:
        """Break all connections that take commands, as the server hangs."""
        for bridge in self.stripes:
            connection = bridge.connection
            bridge.silence = error
            if connection is not None:
                bridge.break_connection(connection, error)

    def measure(self, clock: Callable[[], float]) -> None:
        """Measure how long a PING takes; the result is in ``latency``, smoothed, once the reply is there."""
        ping = self.interactive.keepalive()

        def answered(reply: object) -> None:
            if not isinstance(reply, RedisError):
                seconds = clock() - ping.sent_at
                self.latency = seconds if not self.latency else self.latency + (seconds - self.latency) / 4

        ping.then = answered
        try:
            self.interactive.post([ping])
        except RedisError:
            pass  # it is lost meanwhile

    def learn(self, facts: ServerFacts) -> list[str]:
        """Take new facts; return the names of those that matter and have changed."""
        old = self.facts
        changed = [
            name
            for name in ("role", "primary", "run_id", "mode", "version", "databases")
            if getattr(facts, name) is not None and getattr(facts, name) != getattr(old, name)
        ]
        if "run_id" in changed or "version" in changed:
            self.features.forget()
        if "run_id" in changed:
            for bridge in self.stripes:
                bridge.scripts.clear()  # another process: it knows none of them
        for name in _OF_THE_SERVER:
            value = getattr(facts, name)
            if value is not None:
                setattr(old, name, value)
        if facts.role == "primary":
            old.primary = None
        return changed

    def check_is_due(self, now: float, interval: float) -> bool:
        """Whether its role should be asked for (each second while it is in doubt)."""
        if self.checking or not self.is_connected:
            return False
        if self.in_doubt:
            return now - self.checked_at >= DOUBT_INTERVAL
        return interval > 0 and now - self.checked_at >= interval

    def counters(self) -> ServerCounters:
        """Return the counters of both connections."""
        if self.subscription is None:
            subscription = ConnectionCounters("subscription")
        else:
            subscription = self.subscription.snapshot_counters()
        return ServerCounters(
            str(self.endpoint),
            sum_of([bridge.snapshot_counters() for bridge in self.stripes]),
            subscription,
            sum_of([bridge.lease_counters for bridge in self.stripes]),
        )

    def status(self, now: float) -> dict[str, Any]:
        """Return what is known as a mapping of plain values."""
        facts = {name: getattr(self.facts, name) for name in ServerFacts.__slots__}
        return {
            "endpoint": str(self.endpoint),
            **facts,
            "role": self.role,
            "under_way": self.under_way(now),
            "circuit_breaker": "closed" if self.interactive.tripped is None else "open",
            "interactive": self.interactive.status(),
            "subscription": None if self.subscription is None else self.subscription.status(),
            "leased": sum_of([bridge.lease_counters for bridge in self.stripes]).as_dict(),
        }


def _silence(bridge: PhysicalBridge, now: float) -> float:
    connection = bridge.connection
    if connection is None or bridge.state is not BridgeState.ESTABLISHED:
        return 0.0
    return max(now - max(connection.last_read, bridge.oldest_sent_at(connection, now)), 0.0)
