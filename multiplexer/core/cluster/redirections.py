"""What a MOVED or ASK reply says."""

from __future__ import annotations

from typing import NamedTuple

from ...configuration import EndPoint
from ...errors import AskError
from ..addresses import Remap, reachable
from ..commands.hash_slots import SLOT_COUNT

_LAST_PORT = 65535


class Redirection(NamedTuple):
    """Where a server points to.

    Attributes:
        slot: The hash slot, or -1 where the server named none that there is.
        endpoint: Who serves it, or None where the server does not know how to reach it.
    """

    slot: int
    endpoint: EndPoint | None


def read_redirection(error: AskError, asked: EndPoint, remap: Remap | None) -> Redirection:
    """Read ``MOVED slot host:port`` or ``ASK slot host:port``.

    Args:
        error: The reply.
        asked: Who gave it: a host that is left out is its own.
        remap: ``address_remap`` of the configuration.
    """
    host, port = error.node_addr
    endpoint = None
    if host != "?" and 0 < port <= _LAST_PORT:
        endpoint = reachable((host or asked.host, port), remap)
    slot = error.slot_id
    return Redirection(slot if slot < SLOT_COUNT else -1, endpoint)
