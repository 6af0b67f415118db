"""Which server answers a read: the primary or one of the replicas, by what the application wishes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..configuration import ReadFrom
from .server_endpoint import ServerEndPoint

Servers = Sequence[ServerEndPoint[Any]]

#: Servers whose latency differs from the best by less than this part, or these seconds, are equally near.
_NEAR_PART = 1.25
_NEAR_SECONDS = 0.0002


def choose_reader(
    wish: ReadFrom, primaries: Servers, replicas: Servers, turn: Iterator[int], zone: str | None
) -> ServerEndPoint[Any] | None:
    """Return the server for a read, or None where no known server will do.

    Of several that are as good as one another each has its turn. One that is connected is preferred, and so is a
    replica that is in touch with its primary.

    Args:
        wish: Where the application wants to read.
        primaries: Every primary that has the data.
        replicas: Every replica that has it.
        turn: Counts the choices.
        zone: The application's availability zone.
    """
    tiers = _tiers(wish, primaries, replicas, zone)
    if wish is ReadFrom.NEAREST:
        for server in tiers[0]:
            server.is_compared = True
    for tier in tiers:
        able = [server for server in tier if server.is_connected and server.facts.link_up is not False]
        if able:
            if wish is ReadFrom.NEAREST:
                able = _nearest(able)
            return able[next(turn) % len(able)]
    for tier in tiers:  # what is connected and out of date, and else what is not connected: it waits there
        able = [server for server in tier if server.is_connected]
        if able:
            return able[next(turn) % len(able)]
    for tier in tiers:
        if tier:
            return tier[next(turn) % len(tier)]
    return None


def _tiers(wish: ReadFrom, primaries: Servers, replicas: Servers, zone: str | None) -> Sequence[Servers]:
    """Return groups of servers, the preferred one first."""
    if wish is ReadFrom.PREFER_REPLICA:
        return replicas, primaries
    if wish is ReadFrom.REPLICA:
        return (replicas,)
    if wish is ReadFrom.PREFER_PRIMARY:
        return primaries, replicas
    if wish is ReadFrom.AVAILABILITY_ZONE:
        return _in(zone, replicas), _in(zone, primaries), replicas, primaries
    if wish is ReadFrom.PRIMARY:
        return (primaries,)
    return ([*primaries, *replicas],)


def _in(zone: str | None, servers: Servers) -> Servers:
    return [server for server in servers if server.facts.availability_zone == zone]


def _nearest(servers: Servers) -> list[ServerEndPoint[Any]]:
    measured = [server for server in servers if server.latency > 0]
    if not measured:
        return list(servers)
    limit = min(server.latency for server in measured)
    limit = max(limit * _NEAR_PART, limit + _NEAR_SECONDS)
    return [server for server in measured if server.latency <= limit]
