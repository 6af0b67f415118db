# Generated from multiplexer/asyncio/promotion.py by scripts/generate_blocking.py; change that file instead.
"""Makes another server of a group the primary, where neither sentinels nor a cluster do that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import DataError, ReadOnlyError, RedisError

if TYPE_CHECKING:
    from .connection_multiplexer import ConnectionMultiplexer
    from .database import Server


def make_primary(mux: ConnectionMultiplexer, endpoint: str) -> None:
    """Promote a server, have the others replicate it, and tell other clients; see the multiplexer's method.

    Raises:
        DataError: The server is not known, or something else decides about primaries.
        RedisError: The server did not let itself be promoted.
    """
    authority = mux._coordinator.guide.authority
    if authority:
        raise DataError(f"make_primary: {authority}")
    chosen = mux.get_server(endpoint)
    others = [server for server in mux.get_servers() if server.endpoint != chosen.endpoint and server.is_connected]
    everybody = [chosen, *others]
    # First where all can see it: whoever finds two primaries from here on knows which one counts.
    _vote(mux, others, chosen)
    announce(mux, everybody, chosen.endpoint)
    chosen.execute("REPLICAOF", "NO", "ONE")
    _vote(mux, [chosen], chosen)
    host, _, port = chosen.endpoint.rpartition(":")
    failures: list[RedisError] = []
    for server in others:
        try:
            server.execute("REPLICAOF", host.strip("[]"), port)
        except RedisError as error:
            failures.append(error)
    announce(mux, everybody, chosen.endpoint)
    mux.check_roles()
    if failures:
        raise failures[0]


def _vote(mux: ConnectionMultiplexer, servers: list[Server[Any]], chosen: Server[Any]) -> None:
    """Write the tie-breaker where that is possible; replicas get it from their primary."""
    if not mux.options.tie_breaker:
        return
    for server in servers:
        try:
            server.in_database(0).execute("SET", mux.options.tie_breaker, chosen.endpoint)
        except ReadOnlyError:
            pass


def announce(mux: ConnectionMultiplexer, servers: list[Server[Any]], what: str) -> int:
    """Publish on the configuration channel, on every server; return how many clients were reached."""
    reached = 0
    if mux.options.config_channel:
        for server in servers:
            try:
                reached += int(server.execute("PUBLISH", mux.options.config_channel, what))
            except RedisError:
                pass  # it is going away, perhaps, and others are told by others
    return reached
