"""Everything there is to count of some multiplexers, read at one moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ..configuration import EndPoint
from ..core.connection_counters import ConnectionCounters, LatencyHistogram, sum_of
from ..core.diagnosis.tally import Happening

if TYPE_CHECKING:
    from ..core.cache.statistics import CacheStatistics

#: Upper bounds of the latency histogram's buckets, in seconds; what took longer is in one more.
BOUNDS = tuple(float((1 << exponent) / 1e6) for exponent in range(27))


class Reading(NamedTuple):
    """One kind of connection to one server.

    Attributes:
        endpoint: The server.
        connection: ``"interactive"``, ``"subscription"`` or ``"leased"``.
        counters: Its counters.
        used: Connections in use; the shared ones are while they are connected.
        idle: Connections that wait for a borrower.
    """

    endpoint: EndPoint
    connection: str
    counters: ConnectionCounters
    used: int
    idle: int

    @property
    def pool(self) -> str:
        """What stands for it where a pool's name is wanted."""
        return f"{self.endpoint}/{self.connection}"


class ServerReading(NamedTuple):
    """One server.

    Attributes:
        endpoint: Its address.
        role: ``"primary"``, ``"replica"``, ``"proxy"`` or ``"unknown"``.
        is_connected: Whether its shared connections are up.
        lag: Seconds the latest heartbeat came late.
    """

    endpoint: EndPoint
    role: str
    is_connected: bool
    lag: float


#: What client-side caches count: name, unit, whether it is counted on for ever, text, the label that tells values
#: apart, and the values by that label.
OF_CACHES: tuple[tuple[str, str, bool, str, str, Callable[[CacheStatistics], list[tuple[str, int]]]], ...] = (
    (
        "requests",
        "{call}",
        True,
        "Calls of handles that keep what they read, by how they were answered.",
        "result",
        lambda cache: [("hit", cache.hits), ("miss", cache.misses), ("coalesced", cache.coalesced)],
    ),
    ("stored", "{reply}", True, "Replies that were kept.", "", lambda cache: [("", cache.stored)]),
    (
        "removed",
        "{reply}",
        True,
        "Replies that are kept no longer, or never were, by why.",
        "reason",
        lambda cache: [
            ("invalidated", cache.invalidated),
            ("overwritten", cache.overwritten),
            ("evicted", cache.evicted),
            ("too_large", cache.refused),
        ],
    ),
    ("size", "By", False, "What the replies take that are kept now, about.", "", lambda cache: [("", cache.bytes)]),
    ("entries", "{reply}", False, "Replies that are kept now.", "", lambda cache: [("", cache.entries)]),
)


class Readings(NamedTuple):
    """Everything of some multiplexers.

    Attributes:
        connections: By server and kind of connection; several multiplexers' are added up.
        servers: Each server once.
        happenings: How often what happens seldom has happened.
        refreshes: How often clusters were asked for their topology.
        caches: What each client-side cache has counted.
    """

    connections: list[Reading]
    servers: list[ServerReading]
    happenings: dict[Happening, int]
    refreshes: int
    caches: list[CacheStatistics]


def read(multiplexers: Iterable[Any]) -> Readings:
    """Read the counters of multiplexers of either world, from any thread; nobody is asked and nothing waited for."""
    found: dict[tuple[EndPoint, str], list[Reading]] = {}
    servers: dict[EndPoint, ServerReading] = {}
    happenings: dict[Happening, int] = {}
    refreshes = 0
    caches: list[CacheStatistics] = []
    for mux in multiplexers:
        coordinator, leases = mux._coordinator, mux._leases
        for happening, times in coordinator.tally.counts().items():
            happenings[happening] = happenings.get(happening, 0) + times
        refreshes += coordinator.guide.refreshes
        if coordinator.cache is not None:
            caches.append(coordinator.cache.statistics())
        for server in coordinator.servers:
            for reading in _of_server(server, leases):
                found.setdefault((reading.endpoint, reading.connection), []).append(reading)
            other = servers.get(server.endpoint)
            lag = max(bridge.lag for bridge in server.stripes)
            servers[server.endpoint] = ServerReading(
                server.endpoint,
                server.role,
                server.is_connected and (other is None or other.is_connected),
                lag if other is None else max(lag, other.lag),
            )
    connections = [_together(same) for same in found.values()]
    return Readings(connections, list(servers.values()), happenings, refreshes, caches)


def of_caches(readings: Readings, look: Callable[[CacheStatistics], list[tuple[str, int]]]) -> dict[str, int]:
    """Return what all caches have counted together, by the label's value; empty where there is none."""
    sums: dict[str, int] = {}
    for cache in readings.caches:
        for kind, value in look(cache):
            sums[kind] = sums.get(kind, 0) + value
    return sums


def _of_server(server: Any, leases: Any) -> list[Reading]:
    counters = server.counters()
    endpoint = server.endpoint
    shared = sum(bridge.connection is not None for bridge in server.stripes)
    readings = [Reading(endpoint, "interactive", counters.interactive, shared, 0)]
    if server.subscription is not None:
        used = int(server.subscription.connection is not None)
        readings.append(Reading(endpoint, "subscription", counters.subscription, used, 0))
    if not counters.leased.is_empty:
        readings.append(Reading(endpoint, "leased", counters.leased, *leases.usage(endpoint)))
    return readings


def _together(same: Sequence[Reading]) -> Reading:
    first = same[0]
    counters = sum_of([reading.counters for reading in same])
    used, idle = sum(reading.used for reading in same), sum(reading.idle for reading in same)
    return Reading(first.endpoint, first.connection, counters, used, idle)


def in_buckets(latency: LatencyHistogram) -> list[int]:
    """Return the counts of a histogram by :data:`BOUNDS`: those up to each bound, and at last what took longer."""
    counts, most = latency.buckets, len(BOUNDS)
    return [*counts[:most], sum(counts[most:])]


def estimated_sum(latency: LatencyHistogram) -> float:
    """Return about how many seconds all commands of a histogram took: each as long as the middle of its bucket."""
    return float(sum([count * (1 << exponent) * 0.75 for exponent, count in enumerate(latency.buckets) if count]) / 1e6)
