"""What a MOVED or ASK reply says."""

from __future__ import annotations

from typing import NamedTuple

from ...configuration import EndPoint
from ...errors import AskError
from ..addresses import Remap, reachable


class Redirection(NamedTuple):
    """Where a server points to.

    Attributes:
        slot: The hash slot.
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
    _, slot, address, *_ = [*str(error).split(" "), "", ""]
    host, _, port = address.rpartition(":")
    endpoint = None
    if host != "?" and port.isdigit():
        endpoint = reachable((host or asked.host, int(port)), remap)
    return Redirection(int(slot) if slot.isdigit() else -1, endpoint)
