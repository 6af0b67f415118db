# Generated from multiplexer/compat/asyncio/cluster.py by scripts/generate_blocking.py; change that file instead.
"""Clients of clusters, under redis-py's names."""

from __future__ import annotations

from ...core.commands.hash_slots import SLOT_COUNT as REDIS_CLUSTER_HASH_SLOTS
from ...errors import (
    AskError,
    ClusterDownError,
    ClusterError,
    CrossSlotTransactionError,
    InvalidPipelineStack,
    MovedError,
    RedisClusterException,
    SlotNotCoveredError,
    TryAgainError,
)
from ..machinery.load_balancing import LoadBalancer, LoadBalancingStrategy
from .cluster_client import ClusterPipeline, RedisCluster
from .cluster_nodes import PRIMARY, REPLICA, ClusterNode, NodesManager, get_node_name
from .cluster_pubsub import ClusterPubSub
from .cluster_transaction import ClusterTransaction

#: valkey-py's name.
ValkeyCluster = RedisCluster

__all__ = [
    "PRIMARY",
    "REDIS_CLUSTER_HASH_SLOTS",
    "REPLICA",
    "AskError",
    "ClusterDownError",
    "ClusterError",
    "ClusterNode",
    "ClusterPipeline",
    "ClusterPubSub",
    "ClusterTransaction",
    "CrossSlotTransactionError",
    "InvalidPipelineStack",
    "LoadBalancer",
    "LoadBalancingStrategy",
    "MovedError",
    "NodesManager",
    "RedisCluster",
    "RedisClusterException",
    "SlotNotCoveredError",
    "TryAgainError",
    "ValkeyCluster",
    "get_node_name",
]
