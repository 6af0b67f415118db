"""How a multiplexer is, in one word for a probe and in a sentence for each server."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from .physical_bridge import BridgeState, PhysicalBridge
from .server_endpoint import ServerEndPoint

if TYPE_CHECKING:
    from .cluster.topology import Range, Topology
    from .guide import Guide

#: What :meth:`ConnectionMultiplexer.health` says in one word.
HealthState = Literal["ready", "degraded", "down"]

#: The sentence of a server that has nothing the matter, and that of a replica that nobody has wanted to read from.
_WELL, _SPARE = "connected", "not needed yet"
#: Sentences that are no reason for anything.
FINE = frozenset((_WELL, _SPARE))


class Health(NamedTuple):
    """How a multiplexer is; true unless it is down.

    Attributes:
        state: ``"ready"``: everything is there. ``"degraded"``: part of it is not, and some commands wait or fail.
            ``"down"``: no command can be answered now.
        servers: How each server is, in words, by its address; ``"connected"`` where nothing is the matter, and ``"not
            needed yet"`` of a replica that nobody reads from.
        missing: What of a group or cluster is not there: its primary, or slots.
    """

    state: HealthState
    servers: dict[str, str]
    missing: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.state != "down"

    @property
    def http_status(self) -> int:
        """What a probe is answered: 200, or 503 while it is down."""
        return 200 if self else 503

    @property
    def reasons(self) -> list[str]:
        """Everything that is the matter, a sentence each."""
        return [*self.missing, *(f"{server}: {words}" for server, words in self.servers.items() if words not in FINE)]

    def __str__(self) -> str:
        return "; ".join([self.state, *self.reasons])

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values, ready for JSON."""
        return {"state": self.state, "servers": dict(self.servers), "missing": list(self.missing)}


def health_of(servers: Iterable[ServerEndPoint[Any]], guide: Guide[Any], closed: bool, now: float) -> Health:
    """Return how a multiplexer is.

    Args:
        servers: Its servers.
        guide: Knows how they belong together.
        closed: Whether the multiplexer was closed.
        now: Time of the driver's clock.
    """
    known = tuple(servers)
    words = {str(server.endpoint): _words(server, now) for server in known}
    if closed:
        return Health("down", words, ("the multiplexer was closed",))
    connected = [server for server in known if server.is_connected and server.interactive.tripped is None]
    topology = guide.topology
    if topology is not None:
        missing = tuple(_missing_slots(topology, {str(server.endpoint) for server in connected}))
        serving = {str(primary) for primary in topology.primaries}
        works = any(str(server.endpoint) in serving for server in connected)
    else:
        missing = tuple(_missing_primary(known, connected))
        works = bool(connected)
    if not works:
        return Health("down", words, missing)
    well = not missing and FINE.issuperset(words.values())
    return Health("ready" if well else "degraded", words, missing)


def _words(server: ServerEndPoint[Any], now: float) -> str:
    tripped = server.interactive.tripped
    if tripped is not None:
        return f"its circuit breaker is open, {tripped}"
    up = [bridge for bridge in server.stripes if bridge.state is BridgeState.ESTABLISHED]
    if not up:
        return _SPARE if _is_spare(server) else _why_not(server.interactive, now)
    if len(up) < len(server.stripes):
        away = next(bridge for bridge in server.stripes if bridge not in up)
        return f"{len(up)} of {len(server.stripes)} connections; another is {_why_not(away, now)}"
    options = server.interactive.options
    silent = server.silence(now)
    if silent > max(options.sync_timeout, options.async_timeout):
        return f"connected, but silent for {silent:.1f} s"
    if server.facts.link_up is False:
        return "connected, but out of touch with its primary"
    return _WELL


def _is_spare(server: ServerEndPoint[Any]) -> bool:
    """Whether nobody has asked for a connection to it: that to a replica of a cluster is made for the first read."""
    bridge = server.interactive
    tried = bridge.ever_established or bridge.attempts or bridge.last_error is not None
    return server.role == "replica" and bridge.state is BridgeState.DISCONNECTED and not tried


def _why_not(bridge: PhysicalBridge, now: float) -> str:
    """Say why a connection is not established."""
    if bridge.state is BridgeState.CLOSED:
        return "closed"
    error = bridge.last_error
    because = "" if error is None else f": {str(error) or type(error).__name__}"
    if not bridge.ever_established:
        return f"not connected yet{because}"
    return f"disconnected for {max(now - bridge.disconnected_at, 0.0):.1f} s{because}"


def _missing_primary(known: tuple[ServerEndPoint[Any], ...], connected: list[ServerEndPoint[Any]]) -> Iterator[str]:
    if not known:
        yield "no server is known"
    elif not connected:
        yield "no server is connected"
    elif not any(server.role in ("primary", "proxy", "unknown") for server in connected):
        yield "no primary is connected"


def _missing_slots(topology: Topology, connected: set[str]) -> Iterator[str]:
    gaps = topology.gaps()
    if gaps:
        yield f"nobody serves {_slots(gaps)}"
    elif not topology.is_up:
        yield "the cluster says that it is down"
    for shard in topology.shards:
        if shard.ranges and shard.primary is not None and str(shard.primary) not in connected:
            yield f"{shard.primary}, which serves {_slots(shard.ranges)}, is not connected"


def _slots(ranges: Iterable[Range]) -> str:
    named = [str(first) if first == last else f"{first}-{last}" for first, last in ranges]
    return f"slot{'' if len(named) == 1 and '-' not in named[0] else 's'} {', '.join(named)}"
