"""A circuit breaker for each server of one multiplexer: where most fails, the rest fails at once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any, Generic, TypeVar

from ..logging import logger
from ..physical_bridge import BridgeState, PhysicalBridge
from ..server_endpoint import ServerEndPoint
from .circuit_breaker import CircuitBreaker
from .group_options import GroupOptions
from .probing import once_answered

Bridge = TypeVar("Bridge", bound=PhysicalBridge)

FAILURES = "too many of its latest commands failed"
CONNECTS = "its latest connections were not made, or soon lost"


class _ServerBreaker:
    """One server's. It is fed once a heartbeat, from counters that are kept anyway."""

    def __init__(self, server: ServerEndPoint[Any], settings: GroupOptions) -> None:
        self._server = server
        self._settings = settings
        self._breaker = CircuitBreaker(settings)
        self._counted = self._outcomes()
        self._asked_at: float | None = None

    def beat(self, now: float) -> None:
        """Count what came of commands since the last heartbeat, and probe while it is open."""
        answered, failed = self._outcomes()
        before, self._counted = self._counted, (answered, failed)
        breaker = self._breaker
        opened = breaker.sample(now, max(answered - before[0], 0), max(failed - before[1], 0))
        if opened:
            self._open(FAILURES)
        elif not breaker.is_open and self._failed_connects() >= self._settings.failed_connects:
            breaker.open()
            self._open(CONNECTS)
        elif breaker.is_open:
            self._probe(now)

    def _outcomes(self) -> tuple[int, int]:
        counters = [each for bridge in self._server.stripes for each in (bridge.counters, bridge.lease_counters)]
        return sum(each.answered for each in counters), sum(each.failed for each in counters)

    def _failed_connects(self) -> int:
        lost = (bridge.failures for bridge in self._server.stripes if bridge.state is not BridgeState.ESTABLISHED)
        return max(lost, default=0)

    def _open(self, why: str) -> None:
        logger().warning("the circuit breaker of %s has opened: %s", self._server.endpoint, why)
        for bridge in self._server.stripes:
            bridge.hand_out_failures(bridge.trip(why))
            bridge.kick()  # the package's own messages are still there

    def close(self) -> None:
        """Let commands through again."""
        for bridge in self._server.stripes:
            bridge.trip(None)

    # -- probes ----------------------------------------------------------------------------------------

    def _probe(self, now: float) -> None:
        """See that each of its connections is asked whether it answers."""
        if self._asked_at is not None:
            if now - self._asked_at < self._settings.probe_timeout:
                return
            self._probed(False)
        bridges = self._server.stripes
        if any(bridge.state is not BridgeState.ESTABLISHED for bridge in bridges):
            for bridge in bridges:
                bridge.connector.start()
            return
        self._asked_at = now
        answer = once_answered(len(bridges), partial(self._answered, now))
        for bridge in bridges:
            ping = bridge.keepalive()
            ping.then = answer
            if bridge.connection is not None:
                bridge.ask(bridge.connection, ping)

    def _answered(self, asked_at: float, good: bool) -> None:
        if self._asked_at == asked_at:  # else it was too late, and counts as failed already
            self._probed(good)

    def _probed(self, good: bool) -> None:
        self._asked_at = None
        if self._breaker.probed(good):
            logger().info("the circuit breaker of %s has closed", self._server.endpoint)
            self.close()


class ServerBreakers(Generic[Bridge]):
    """Those of all servers."""

    def __init__(self) -> None:
        self._settings = GroupOptions()
        self._breakers: dict[ServerEndPoint[Bridge], _ServerBreaker] = {}

    def beat(self, servers: Iterable[ServerEndPoint[Bridge]], now: float) -> None:
        """Look at each server, once a heartbeat."""
        known = set(servers)
        for server in known:
            breaker = self._breakers.get(server)
            if breaker is None:
                breaker = self._breakers[server] = _ServerBreaker(server, self._settings)
            breaker.beat(now)
        for gone in self._breakers.keys() - known:
            del self._breakers[gone]

    def forget(self) -> None:
        """In the child of a fork: what was counted is the parent's."""
        for breaker in self._breakers.values():
            breaker.close()
        self._breakers.clear()
