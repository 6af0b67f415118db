"""The lane of what has keys, in a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...configuration import ReadFrom
from ..machinery.load_balancing import LoadBalancingStrategy
from .shared_lane import SharedLane

if TYPE_CHECKING:
    from ...asyncio import Database

_READ_FROM = {
    LoadBalancingStrategy.ROUND_ROBIN: ReadFrom.ANY,
    LoadBalancingStrategy.RANDOM: ReadFrom.ANY,
    LoadBalancingStrategy.ROUND_ROBIN_REPLICAS: ReadFrom.PREFER_REPLICA,
    LoadBalancingStrategy.RANDOM_REPLICA: ReadFrom.PREFER_REPLICA,
}


class SlotLane(SharedLane):
    """Sends what has keys, each to the node of its slot."""

    def __init__(self, pool: Any, strategy: LoadBalancingStrategy | None) -> None:
        super().__init__(pool)
        self._read_from = None if strategy is None else _READ_FROM[strategy]

    async def _connected(self) -> Database[Any]:
        # Another caller may still be connecting it: before it is known who serves what, no pipeline can be taken apart.
        await (await self._pool.get_multiplexer())._settle()
        database = await super()._connected()
        if self._read_from is not None:
            database = self._database = database.with_options(read_from=self._read_from)
        return database
