# Generated from multiplexer/compat/asyncio/cluster_lanes.py by scripts/generate_blocking.py; change that file instead.
"""The lanes on which a cluster's client shares the multiplexer's connections."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ...configuration import EndPoint
from ...errors import DataError, RedisConnectionError
from ...importing import importing
from ..machinery.load_balancing import LoadBalancingStrategy
from ..machinery.responses import ResponseCallbacks
from .shared_lane import SharedLane, StackEntry
from .slot_lane import SlotLane


class _NodeLane(SharedLane):
    """Sends everything to one node."""

    def __init__(self, pool: Any, endpoint: EndPoint) -> None:
        super().__init__(pool)
        self._endpoint = endpoint

    def _connected(self) -> Any:
        # Not kept: a node that leaves and comes back has another handle.
        multiplexer = self._pool.get_multiplexer()
        try:
            server = multiplexer.get_server(self._endpoint)
        except DataError:
            raise RedisConnectionError(f"{self._endpoint} is no node of the cluster any longer") from None
        if self._is_plain and self._encoder.decode_responses:
            return server._view(server._options.replace(decode=True))
        return server


def _slot_lane(pool: Any, strategy: LoadBalancingStrategy | None) -> SlotLane:
    if not pool.keeps_replies:
        return SlotLane(pool, strategy)
    with importing:
        from .caching_lane import CachingSlotLane  # only now: most clients keep nothing

    return CachingSlotLane(pool, strategy)


class ClusterLanes:
    """Sends commands over the shared connections of a pool's multiplexer.

    Args:
        pool: A cluster's pool that ``is_multiplexed``.
        strategy: Who answers reads; None for the primaries.

    Attributes:
        by_slot: The lane of what has keys.
    """

    def __init__(self, pool: Any, strategy: LoadBalancingStrategy | None) -> None:
        self._pool = pool
        self.by_slot = _slot_lane(pool, strategy)
        self._by_node: dict[EndPoint, _NodeLane] = {}

    def _at(self, endpoint: EndPoint) -> _NodeLane:
        lane = self._by_node.get(endpoint)
        return lane or self._by_node.setdefault(endpoint, _NodeLane(self._pool, endpoint))

    def execute(self, callbacks: ResponseCallbacks, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        """Send a command with keys and return its result."""
        return self.by_slot.execute(callbacks, args, options)

    def execute_at(
        self, endpoint: EndPoint, callbacks: ResponseCallbacks, args: tuple[Any, ...], options: dict[str, Any]
    ) -> Any:
        """Send a command to one node and return its result."""
        return self._at(endpoint).execute(callbacks, args, options)

    def execute_stack(
        self,
        callbacks: ResponseCallbacks,
        stack: Sequence[StackEntry],
        endpoint: EndPoint | None,
        annotate: Callable[[Exception, int, Sequence[Any]], None],
    ) -> list[Any]:
        """Send collected commands, to one node or each to that of its slot, and return their results, errors too."""
        lane = self.by_slot if endpoint is None else self._at(endpoint)
        return lane.execute_stack(callbacks, stack, False, annotate)
