# Generated from multiplexer/compat/asyncio/cluster_pubsub.py by scripts/generate_blocking.py; change that file instead.
"""Publish and subscribe in a cluster: channels at any node, shard channels at the nodes of their slots."""

from __future__ import annotations

import time
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any

from ...errors import DataError, MovedError, RedisClusterException, RedisConnectionError, RedisTimeoutError
from ..typing import PubSubHandler, Subscription
from .cluster_nodes import ClusterNode, NodePool
from .pubsub import PubSub, _named
from .standalone import Redis

if TYPE_CHECKING:
    from .cluster_base import BaseClusterClient


class ClusterPubSub(PubSub):
    """Subscriptions in a cluster; get it from :meth:`RedisCluster.pubsub`.

    Channels and patterns are subscribed to at one node, to which the cluster brings every message. Shard channels are
    subscribed to at the node that serves their slot, with a connection to each such node; their messages come from
    :meth:`get_sharded_message`. Where a slot moves, its channels are subscribed to at its new node.

    Args:
        redis_cluster: The client.
        node, host, port: The node for channels and patterns; by default that of the first channel's slot.
        push_handler_func: As for :class:`PubSub`.
        kwargs: Those of :class:`PubSub`.

    Attributes:
        node: The node of channels and patterns, None before it is chosen.
        node_pubsub_mapping: The subscriptions to shard channels at each node, by its name.

    Raises:
        DataError: Of host and port only one is given.
        RedisClusterException: The node is none of the cluster's.
    """

    def __init__(
        self,
        redis_cluster: BaseClusterClient,
        node: ClusterNode | None = None,
        host: str | None = None,
        port: int | None = None,
        push_handler_func: Callable[[Any], Any] | None = None,
        **kwargs: Any,
    ) -> None:
        self.connection: Any = None
        self.cluster = redis_cluster
        self.node: ClusterNode | None = None
        self._nodes = NodePool(redis_cluster.connection_pool)
        self.node_pubsub_mapping: dict[str, PubSub] = {}
        #: Shard channels whose node was lost, or whose slot has moved, and that are to be subscribed to anew.
        self._homeless: dict[Any, Any] = {}
        self._turn = 0
        self._options = kwargs
        self.set_pubsub_node(redis_cluster, node, host, port)
        super().__init__(self._nodes, push_handler_func=push_handler_func, **kwargs)

    def set_pubsub_node(
        self,
        cluster: BaseClusterClient,
        node: ClusterNode | None = None,
        host: str | None = None,
        port: int | None = None,
    ) -> None:
        """Choose the node of channels and patterns, before the first is subscribed to.

        Raises:
            DataError: Of host and port only one is given.
            RedisClusterException: The node is none of the cluster's.
        """
        if node is None and (host is None) != (port is None):
            raise DataError("Passing a host requires passing a port, and the other way round")
        wanted = node or (None if host is None or port is None else ClusterNode(host, port))
        if wanted is None:
            return
        if cluster.connection_pool.topology is not None:
            known = cluster.get_node(wanted.host, wanted.port)
            if known is None:
                raise RedisClusterException(f"Node {wanted.name} doesn't exist in the cluster")
            wanted = known
        self.node = wanted
        self._nodes.node = wanted.endpoint

    def get_pubsub_node(self) -> ClusterNode | None:
        """Return the node of channels and patterns."""
        return self.node


    def get_redis_connection(self) -> Redis | None:
        """Return a client for that node."""
        return None if self.node is None else self.cluster.get_redis_connection(self.node)

    def execute_command(self, *args: Any) -> None:
        """Send a command. Its reply comes in among the messages."""
        if self.connection is None and self.node is None:
            self._choose_node(args)
        super().execute_command(*args)

    def _choose_node(self, args: tuple[Any, ...]) -> None:
        self.cluster.initialize()
        manager = self.cluster.nodes_manager
        if len(args) > 1:
            self.node = manager.get_node_from_slot(self.cluster.keyslot(args[1]))
        else:
            self.node = manager.any_primary()
        self._nodes.node = self.node.endpoint

    # -- shard channels --------------------------------------------------------------------------------

    @property
    def subscribed(self) -> bool:
        """Whether it is subscribed to anything."""
        at_nodes = any(each.subscribed for each in self.node_pubsub_mapping.values())
        return super().subscribed or at_nodes or bool(self._homeless)

    def _pubsub_at(self, node: ClusterNode) -> PubSub:
        pubsub = self.node_pubsub_mapping.get(node.name)
        if pubsub is None:
            pool = NodePool(self.cluster.connection_pool, node.endpoint)
            pubsub = PubSub(pool, push_handler_func=self.push_handler_func, **self._options)
            self.node_pubsub_mapping = {**self.node_pubsub_mapping, node.name: pubsub}
        return pubsub

    def ssubscribe(self, *args: Any, target_node: Any = None, **kwargs: PubSubHandler | None) -> None:
        """Subscribe to shard channels, each at the node of its slot; otherwise as :meth:`subscribe`.

        Redis command: SSUBSCRIBE

        Args:
            args, kwargs: As for :meth:`subscribe`.
            target_node: The node, if it is to be another.
        """
        self.cluster.initialize()
        for name, handler in (*_named(args), *kwargs.items()):
            self._subscribe_shard_channel(name, handler, target_node)

    def _subscribe_shard_channel(self, name: Any, handler: Any, target_node: Any = None) -> None:
        node = target_node or self.cluster.nodes_manager.get_node_from_slot(self.cluster.keyslot(name))
        pubsub = self._pubsub_at(node)
        pubsub.ssubscribe(Subscription(name, handler))
        self.shard_channels.update(self._normalize([(name, handler)]))
        self._note_subscribed()

    def sunsubscribe(self, *args: Any, target_node: Any = None) -> None:
        """End subscriptions to shard channels; without a name, to all of them.

        Redis command: SUNSUBSCRIBE

        Args:
            args: As for :meth:`unsubscribe`.
            target_node: The node, if it is to be at one only.
        """
        names = [name for name, _ in _named(args)] or list(self.shard_channels)
        wanted = set(self._normalize([(name, None) for name in names]))
        for node_name, pubsub in self.node_pubsub_mapping.items():
            here = wanted & set(pubsub.shard_channels)
            if here and (target_node is None or target_node.name == node_name):
                self.pending_unsubscribe_shard_channels.update(here)
                pubsub.sunsubscribe(*here)

    def get_sharded_message(
        self, ignore_subscribe_messages: bool = False, timeout: float | None = 0.0, target_node: Any = None
    ) -> dict[str, Any] | None:
        """Return the next message of a shard channel, of the nodes in turn.

        Args:
            ignore_subscribe_messages: Whether confirmations are left out.
            timeout: Seconds to wait; None for ever.
            target_node: Look at this node only.

        Returns:
            A message; None where nothing came in time.

        Raises:
            RedisConnectionError: A connection was lost, and was not to be had again.
        """
        deadline = None if timeout is None else monotonic() + timeout
        while True:
            self._rehome()
            pubsubs = self._listening(target_node)
            left = None if deadline is None else max(deadline - monotonic(), 0)
            if not pubsubs and left != 0:
                time.sleep(_SLICE if left is None else min(left, _SLICE))  # somebody may subscribe meanwhile
            for pubsub in pubsubs:
                # The nodes share the time, a little at once: there is one to wait with, and several to wait for.
                share = (_SLICE if left is None else min(left, _SLICE)) / len(pubsubs)
                message = self._message_of(pubsub, ignore_subscribe_messages, share)
                if message is not None:
                    return message
            if deadline is not None and monotonic() >= deadline:
                return None

    def _listening(self, target_node: Any) -> list[PubSub]:
        named = self.node_pubsub_mapping
        if target_node is not None:
            pubsub = named.get(target_node.name)
            return [] if pubsub is None or not pubsub.subscribed else [pubsub]
        pubsubs = [pubsub for pubsub in named.values() if pubsub.subscribed]
        self._turn += 1
        start = self._turn % len(pubsubs) if pubsubs else 0
        return pubsubs[start:] + pubsubs[:start]

    def _message_of(self, pubsub: PubSub, ignore: bool, timeout: float) -> dict[str, Any] | None:
        wanted = dict(pubsub.shard_channels)
        asked = set(pubsub.pending_unsubscribe_shard_channels)
        try:
            message = pubsub.get_message(ignore_subscribe_messages=False, timeout=timeout)
        except (MovedError, RedisConnectionError):
            self._move(pubsub, wanted)
            return None
        if message is None:
            return None
        name = message["channel"]
        if message["type"] == "sunsubscribe":
            if name in wanted and name not in asked:
                self._move(pubsub, {name: wanted[name]})  # the server ended it: the slot has moved
                return None
            self.shard_channels.pop(name, None)
            self.pending_unsubscribe_shard_channels.discard(name)
        hidden = ignore or self.ignore_subscribe_messages
        return None if hidden and message["type"] in ("ssubscribe", "sunsubscribe") else message

    def _move(self, pubsub: PubSub, channels: dict[Any, Any]) -> None:
        """Subscribe to channels at the nodes that serve their slots now."""
        self._homeless.update(channels)
        if len(pubsub.shard_channels) <= len(channels):
            self.node_pubsub_mapping = {
                name: each for name, each in self.node_pubsub_mapping.items() if each is not pubsub
            }
            pubsub.close()
        self.cluster.connection_pool.refresh()
        self._rehome()

    def _rehome(self) -> None:
        """Subscribe to channels that have no node; those for which that fails are kept for the next time."""
        for name, handler in tuple(self._homeless.items()):
            self.cluster.initialize()
            try:
                self._subscribe_shard_channel(name, handler)
            except (MovedError, RedisConnectionError, RedisTimeoutError, RedisClusterException):
                self.cluster.connection_pool.refresh()
                raise
            self._homeless.pop(name, None)

    def on_slots_changed(self) -> None:
        """Subscribe to shard channels at their slots' new nodes."""
        self.reinitialize_shard_subscriptions()

    def reinitialize_shard_subscriptions(self) -> None:
        """Subscribe to shard channels at the nodes that serve their slots now."""
        for node_name, pubsub in tuple(self.node_pubsub_mapping.items()):
            for name, handler in tuple(pubsub.shard_channels.items()):
                node = self.cluster.nodes_manager.get_node_from_slot(self.cluster.keyslot(name))
                if node.name != node_name and name not in pubsub.pending_unsubscribe_shard_channels:
                    pubsub.sunsubscribe(name)
                    self._subscribe_shard_channel(name, handler)

    def close(self) -> None:
        """Give the connections back, unsubscribed from everything. The object can be used again."""
        pubsubs, self.node_pubsub_mapping = self.node_pubsub_mapping, {}
        self._homeless = {}
        try:
            super().close()
        finally:
            for pubsub in pubsubs.values():
                pubsub.close()

    def disconnect(self) -> None:
        """Close the connections; they are made anew, and subscribed, when next used."""
        for pubsub in (self, *self.node_pubsub_mapping.values()):
            if pubsub.connection is not None:
                pubsub.connection.disconnect()


#: Seconds to wait for a message of one node while there are others.
_SLICE = 0.05
