"""Addresses that servers give of one another, as this client reaches them."""

from __future__ import annotations

from collections.abc import Callable

from ..configuration import EndPoint
from ..errors import ConfigurationError

#: ``address_remap`` of the configuration: turns host and port as a server gave them into those that clients reach.
Remap = Callable[[tuple[str, int]], tuple[str, int]]


def reachable(place: tuple[str, int], remap: Remap | None) -> EndPoint | None:
    """Return the address of a node as this client reaches it; None where there can be no such address.

    Args:
        place: Host and port as a server gave them.
        remap: ``address_remap`` of the configuration.
    """
    try:
        host, port = remap(place) if remap is not None else place
        return EndPoint(host, port) if port else None
    except ConfigurationError:
        return None
