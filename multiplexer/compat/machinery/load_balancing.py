"""Which node of a shard answers reads."""

from __future__ import annotations

import random
from collections.abc import Sequence
from enum import Enum
from itertools import count
from typing import TypeVar

_Node = TypeVar("_Node")


class LoadBalancingStrategy(Enum):
    """How reads are spread over the nodes of a shard."""

    #: The primary and its replicas in turn.
    ROUND_ROBIN = "round_robin"
    #: The replicas in turn.
    ROUND_ROBIN_REPLICAS = "round_robin_replicas"
    #: Any of the primary and its replicas.
    RANDOM = "random"
    #: Any replica.
    RANDOM_REPLICA = "random_replica"


_WITHOUT_PRIMARY = (LoadBalancingStrategy.ROUND_ROBIN_REPLICAS, LoadBalancingStrategy.RANDOM_REPLICA)
_AT_RANDOM = (LoadBalancingStrategy.RANDOM, LoadBalancingStrategy.RANDOM_REPLICA)


class LoadBalancer:
    """Chooses among the nodes of a shard."""

    def __init__(self) -> None:
        self._turn = count()

    def choose(self, primary: _Node, replicas: Sequence[_Node], strategy: LoadBalancingStrategy) -> _Node:
        """Return the node to ask; the primary where there is no replica.

        Args:
            primary: The shard's primary.
            replicas: Its replicas.
            strategy: How to choose.
        """
        if not replicas:
            return primary
        nodes = replicas if strategy in _WITHOUT_PRIMARY else (primary, *replicas)
        if strategy in _AT_RANDOM:
            return random.choice(nodes)
        return nodes[next(self._turn) % len(nodes)]
