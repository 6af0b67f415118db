"""Names, kinds, units and attributes, written down from the semantic conventions (1.44) and, our own, from the docs."""

from __future__ import annotations

from typing import NamedTuple

SYSTEM = frozenset(("db.system.name",))
SERVER = SYSTEM | {"server.address", "server.port"}
POOL = SERVER | {"db.client.connection.pool.name"}


class Convention(NamedTuple):
    """What a metric is to be.

    Attributes:
        kind: Class of its data.
        unit: Its unit.
        attributes: Every attribute it has; ``server.port`` only where the port is not 6379.
        is_monotonic: Whether it only grows, for sums.
    """

    kind: str
    unit: str
    attributes: frozenset[str]
    is_monotonic: bool | None = None


METRICS = {
    "db.client.operation.duration": Convention("Histogram", "s", POOL),
    "db.client.connection.count": Convention("Sum", "{connection}", POOL | {"db.client.connection.state"}, False),
    "db.client.connection.pending_requests": Convention("Sum", "{request}", POOL, False),
    "multiplexer.command.duration": Convention("ExponentialHistogram", "us", POOL),
    "multiplexer.operations": Convention("Sum", "{command}", POOL, True),
    "multiplexer.commands": Convention("Sum", "{command}", POOL | {"multiplexer.outcome"}, True),
    "multiplexer.failures": Convention("Sum", "{command}", POOL, True),
    "multiplexer.retries": Convention("Sum", "{command}", POOL | {"multiplexer.phase"}, True),
    "multiplexer.pending": Convention("Sum", "{command}", POOL | {"multiplexer.place"}, False),
    "multiplexer.flushes": Convention("Sum", "{write}", POOL, True),
    "multiplexer.reads": Convention("Sum", "{read}", POOL, True),
    "multiplexer.bytes": Convention("Sum", "By", POOL | {"network.io.direction"}, True),
    "multiplexer.batch.size": Convention("Gauge", "{command}", POOL),
    "multiplexer.connections.opened": Convention("Sum", "{connection}", POOL, True),
    "multiplexer.subscriptions": Convention("Sum", "{subscription}", POOL, False),
    "multiplexer.server.up": Convention("Sum", "{server}", SERVER | {"multiplexer.role"}, False),
    "multiplexer.event_loop.lag": Convention("Gauge", "s", SERVER),
    "multiplexer.reconnects": Convention("Sum", "{connection}", SERVER | {"error.type"}, True),
    "multiplexer.connect.failures": Convention("Sum", "{attempt}", SERVER | {"error.type"}, True),
    "multiplexer.redirects": Convention("Sum", "{reply}", SERVER | {"multiplexer.kind"}, True),
    "multiplexer.maintenance": Convention("Sum", "{announcement}", SERVER | {"multiplexer.kind"}, True),
    "multiplexer.topology.refreshes": Convention("Sum", "{refresh}", SYSTEM, True),
    "multiplexer.cache.requests": Convention("Sum", "{call}", SYSTEM | {"multiplexer.result"}, True),
    "multiplexer.cache.stored": Convention("Sum", "{reply}", SYSTEM, True),
    "multiplexer.cache.removed": Convention("Sum", "{reply}", SYSTEM | {"multiplexer.reason"}, True),
    "multiplexer.cache.size": Convention("Sum", "By", SYSTEM, False),
    "multiplexer.cache.entries": Convention("Sum", "{reply}", SYSTEM, False),
}

#: Attributes of spans: their type, and whether every span has them.
SPAN_ATTRIBUTES: dict[str, tuple[type, bool]] = {
    "db.system.name": (str, True),
    "db.operation.name": (str, True),
    "db.namespace": (str, False),
    "db.operation.batch.size": (int, False),
    "db.query.text": (str, False),
    "db.response.status_code": (str, False),
    "db.stored_procedure.name": (str, False),
    "error.type": (str, False),
    "server.address": (str, False),
    "server.port": (int, False),
    "network.peer.address": (str, False),
    "network.peer.port": (int, False),
    "redis.client.operation.retry_attempts": (int, False),
    "multiplexer.was_sent": (bool, True),
}
EVENTS = ("multiplexer.queued", "multiplexer.sent", "multiplexer.answered")
