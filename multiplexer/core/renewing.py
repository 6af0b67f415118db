"""Connections that are made anew, as another server may answer at their address by now."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..errors import RedisConnectionError

if TYPE_CHECKING:
    from .physical_bridge import PhysicalBridge
    from .physical_connection import PhysicalConnection
    from .seam import CoordinatedDriver

#: Seconds a connection is given to answer what it was sent before it is made anew.
SETTLING_TIME = 1.0


def renew(bridge: PhysicalBridge, driver: CoordinatedDriver[Any], clock: Callable[[], float], why: str) -> None:
    """Connect anew, once everything that was sent is answered.

    Args:
        bridge: The bridge. What it takes from now on waits for the next connection.
        driver: The multiplexer's driver.
        clock: The driver's clock.
        why: Why the connection is given up.
    """
    connection = bridge.connection
    if connection is None or connection.holding:
        return
    connection.holding = True
    driver.later(0.0, _break_once_idle, driver, bridge, connection, clock() + SETTLING_TIME, clock, why)


def _break_once_idle(
    driver: CoordinatedDriver[Any],
    bridge: PhysicalBridge,
    connection: PhysicalConnection,
    deadline: float,
    clock: Callable[[], float],
    why: str,
) -> None:
    """Give a connection up once everything it was sent is answered, or time is up."""
    if bridge.connection is not connection:
        return
    if connection.sent and clock() < deadline:
        driver.later(0.01, _break_once_idle, driver, bridge, connection, deadline, clock, why)
        return
    bridge.break_connection(connection, RedisConnectionError(why))
