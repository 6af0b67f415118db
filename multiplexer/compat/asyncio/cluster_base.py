"""What a cluster's client knows of its nodes, where it sends commands, and how it follows where they point."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from typing import Any

from ...configuration import EndPoint
from ...core.commands.command import Command
from ...core.commands.hash_slots import NO_SLOT, slot_of_command
from ...core.commands.words import split_words
from ...errors import (
    AskError,
    AuthenticationError,
    ClusterCrossSlotError,
    ClusterDownError,
    ClusterError,
    DataError,
    MaxConnectionsError,
    RedisClusterException,
    RedisConnectionError,
    RedisTimeoutError,
    SlotNotCoveredError,
    TryAgainError,
)
from ...retry import AsyncRetry
from ..machinery import cluster_routing
from ..machinery.cluster_routing import NODE_FLAGS, SLOT_ID, TARGETS, merged
from ..machinery.load_balancing import LoadBalancingStrategy
from ..machinery.responses import CALL, ResponseCallbacks
from .cluster_commands import TARGET_NODES, ClusterCommands
from .cluster_nodes import ASKING, PRIMARY, REPLICA, ClusterNode, NodePool, NodesManager
from .connection import Encoder
from .standalone import Redis

#: Longest chain of redirections.
_MOST_REDIRECTIONS = 16
#: Seconds to wait where keys are on their way from one node to another.
_TRY_AGAIN = 0.05
#: Seconds to wait where the cluster says that it is down.
_DOWN = 0.25


class BaseClusterClient(ClusterCommands):
    """A cluster's client as its pipelines, transactions and subscriptions see it.

    Attributes:
        connection_pool: Where connections come from.
        nodes_manager: The nodes, and who serves which slot.
        retry: How often a command is tried again, and when.
        load_balancing_strategy: Who answers reads; None for the primaries.
    """

    connection_pool: Any
    nodes_manager: NodesManager
    retry: AsyncRetry
    load_balancing_strategy: LoadBalancingStrategy | None
    _lanes: Any

    ALL_NODES = cluster_routing.ALL_NODES
    PRIMARIES = cluster_routing.PRIMARIES
    REPLICAS = cluster_routing.REPLICAS
    RANDOM = cluster_routing.RANDOM
    DEFAULT_NODE = cluster_routing.DEFAULT_NODE
    NODE_FLAGS = NODE_FLAGS
    RedisClusterRequestTTL = _MOST_REDIRECTIONS
    #: After these a command is tried again.
    ERRORS_ALLOW_RETRY = (RedisConnectionError, RedisTimeoutError, ClusterDownError, SlotNotCoveredError)
    #: After these it is not.
    _FINAL = (MaxConnectionsError, AuthenticationError)

    # -- settings --------------------------------------------------------------------------------------

    @property
    def read_from_replicas(self) -> bool:
        """Whether replicas answer reads; it can be set for what is sent from now on."""
        return self.load_balancing_strategy is not None

    @read_from_replicas.setter
    def read_from_replicas(self, wanted: bool) -> None:
        if wanted is self.read_from_replicas:
            return
        self.load_balancing_strategy = LoadBalancingStrategy.ROUND_ROBIN if wanted else None
        if wanted:
            self.connection_pool.allow_replicas()
        self._read_by(self.load_balancing_strategy)

    def _read_by(self, strategy: LoadBalancingStrategy | None) -> None:
        """Have what is sent over shared connections follow a strategy too."""
        raise NotImplementedError

    @property
    def reinitialize_counter(self) -> int:
        """How many MOVED replies came since the whole cluster was last looked at."""
        count: int = self.connection_pool.redirections
        return count

    @property
    def cluster_response_callbacks(self) -> ResponseCallbacks:
        """What makes results of replies, by command name."""
        return self.response_callbacks

    def get_encoder(self) -> Encoder:
        encoder: Encoder = self.connection_pool.get_encoder()
        return encoder

    @property
    def encoder(self) -> Encoder:
        """What turns values into bytes and replies into text."""
        return self.get_encoder()

    def get_connection_kwargs(self) -> dict[str, Any]:
        """Return the arguments connections are made with: the pool's own, changes hold for later connections."""
        kwargs: dict[str, Any] = self.connection_pool.connection_kwargs
        return kwargs

    def get_retry(self) -> AsyncRetry:
        """Return how commands are tried again."""
        return self.retry

    def set_retry(self, retry: AsyncRetry) -> None:
        """Set how commands are tried again."""
        self.retry = retry

    # -- nodes -----------------------------------------------------------------------------------------

    def get_nodes(self) -> list[ClusterNode]:
        """Return all nodes."""
        return list(self.nodes_manager.nodes_cache.values())

    def get_primaries(self) -> list[ClusterNode]:
        """Return the primaries."""
        return self.nodes_manager.get_nodes_by_server_type(PRIMARY)

    def get_replicas(self) -> list[ClusterNode]:
        """Return the replicas."""
        return self.nodes_manager.get_nodes_by_server_type(REPLICA)

    def get_node(
        self, host: str | None = None, port: int | None = None, node_name: str | None = None
    ) -> ClusterNode | None:
        """Return a node by its name, or by host and port; None where there is none such."""
        return self.nodes_manager.get_node(host, port, node_name)

    def get_random_node(self) -> ClusterNode:
        """Return any node."""
        return self._nodes_of(self.RANDOM)[0]

    def get_random_primary_node(self) -> ClusterNode:
        """Return any primary."""
        return self.nodes_manager.any_primary()

    def get_node_from_key(self, key: Any, replica: bool = False) -> ClusterNode | None:
        """Return the node that serves a key.

        Args:
            key: The key.
            replica: Whether to return a replica of it; None where there is none.

        Raises:
            SlotNotCoveredError: Nobody serves it.
        """
        slot = self.keyslot(key)
        if not replica:
            return self.nodes_manager.get_node_from_slot(slot)
        replicas = self.connection_pool.get_replica_nodes_by_slot(slot)
        return self.nodes_manager.node_at(replicas[0]) if replicas else None

    def get_default_node(self) -> ClusterNode | None:
        """Return the node that gets what has no key."""
        _ = self.nodes_manager.nodes_cache  # which settles it
        return self.nodes_manager.default_node

    def set_default_node(self, node: ClusterNode | None) -> bool:
        """Set the node that gets what has no key; return whether it is one of the cluster's.

        Raises:
            DataError: In asyncio: it is none.
        """
        if node is None or self.get_node(node_name=node.name) is None:
            if True:  # ASYNC
                raise DataError("The requested node does not exist in the cluster.")
            return False
        self.nodes_manager.default_node = node
        return True

    def replace_default_node(self, target_node: ClusterNode | None = None) -> None:
        """Set the node that gets what has no key: the given one, or any other one, a primary where there is one."""
        chosen = target_node
        if chosen is None:
            others = [node for node in self.get_nodes() if node != self.get_default_node()]
            chosen = random.choice([node for node in others if node.server_type == PRIMARY] or others or [None])
        if chosen is not None:
            self.nodes_manager.default_node = chosen

    def _leave(self, endpoint: EndPoint) -> None:
        """Have another default node where a node was lost: the cluster may list it for long, and it is asked again."""
        default = self.nodes_manager.default_node
        if default is not None and default.endpoint == endpoint:
            self.replace_default_node()

    def get_redis_connection(self, node: ClusterNode) -> Redis:
        """Return a client for one node alone."""
        known = self.nodes_manager.node_at(node.endpoint).redis_connection
        assert known is not None  # nodes of the manager have one
        return known

    def _client_of(self, pool: NodePool) -> Redis:
        client = Redis(connection_pool=pool)
        client.response_callbacks = self.response_callbacks
        return client

    def keyslot(self, key: Any) -> int:
        """Return a key's slot."""
        return self.nodes_manager.keyslot(key, self.get_encoder())

    async def determine_slot(self, *args: Any) -> int | None:
        """Return the slot of a command's keys; None for one without a key, which any node may run.

        Raises:
            RedisClusterException: They lie in several slots.
        """
        slot = self._slot(*split_words(args))
        return None if slot == NO_SLOT else slot

    # -- where to --------------------------------------------------------------------------------------

    def _slot(self, command: Command, words: Sequence[Any]) -> int:
        """Return the slot of a command's keys, or ``NO_SLOT``.

        Raises:
            RedisClusterException: They lie in several slots.
        """
        try:
            return slot_of_command(command, words)
        except ClusterCrossSlotError as error:
            raise RedisClusterException(f"{command.name} - all keys must map to the same key slot. {error}") from None

    def _endpoints(self, command: Command, words: Sequence[Any], target_nodes: Any) -> list[EndPoint]:
        """Return the nodes to send a command to."""
        if target_nodes is not None:
            return [node.endpoint for node in self._nodes_of(target_nodes)]
        slot = self._slot(command, words)
        if slot != NO_SLOT:
            return [self.nodes_manager.endpoint_of_slot(slot, self._strategy_for(command))]
        target = TARGETS.get(command.name)
        if target is None or (command.key_specs and target is not self.RANDOM):
            raise RedisClusterException(
                f"No way to dispatch this command to Redis Cluster. Missing key.\n"
                f"You can execute the command by specifying target nodes.\nCommand: {command.name}"
            )
        if target is SLOT_ID:
            return [self.nodes_manager.endpoint_of_slot(_slot_argument(command, words), None)]
        if target is self.RANDOM:
            return [self.nodes_manager.any_primary().endpoint]
        return [node.endpoint for node in self._nodes_of(target)]

    def _strategy_for(self, command: Command) -> LoadBalancingStrategy | None:
        return self.load_balancing_strategy if command.read_only else None

    def _nodes_of(self, target_nodes: Any) -> list[ClusterNode]:
        """Return the nodes that ``target_nodes`` names.

        Raises:
            TypeError: It is nothing that could.
        """
        if isinstance(target_nodes, ClusterNode):
            return [target_nodes]
        if isinstance(target_nodes, dict):
            return list(target_nodes.values())
        if isinstance(target_nodes, list | tuple | set):
            return list(target_nodes)
        if target_nodes not in NODE_FLAGS:
            raise TypeError(
                "target_nodes: expected a ClusterNode, several in a list or as values of a dict, or one of "
                f"{', '.join(sorted(NODE_FLAGS))}; got {target_nodes!r}"
            )
        if target_nodes == self.PRIMARIES:
            return self.get_primaries()
        if target_nodes == self.REPLICAS:
            return self.get_replicas()
        if target_nodes == self.ALL_NODES:
            return self.get_nodes()
        default = self.get_default_node()
        if default is None:
            raise RedisClusterException("no node of the cluster is known")
        return [default if target_nodes == self.DEFAULT_NODE else random.choice(self.get_nodes())]

    # -- commands --------------------------------------------------------------------------------------

    async def execute_command(self, *args: Any, **kwargs: Any) -> Any:
        """Send a command and return its result.

        Args:
            args: The command's name and its arguments.
            kwargs: ``target_nodes``: a node, several of them, or one of :attr:`NODE_FLAGS`; what else there is, is
                handed to the command's response callback.

        Returns:
            The result; of several nodes what redis-py makes of it, or a dict of the results by node name.

        Raises:
            RedisClusterException: It cannot be told where to send the command, or its keys lie in several slots.
            DataError: An argument cannot be sent; nothing was.
            ResponseError: The server answered with an error.
            RedisConnectionError: A node cannot be reached, or the connection was lost.
            RedisTimeoutError: The reply did not arrive in time.
            ClusterError: It was redirected again and again.
        """
        targets = kwargs.pop(TARGET_NODES, None)
        call = kwargs.get(CALL)
        command, words = (call[0], args) if call is not None and " " not in call[0].name else split_words(args)
        if self._lanes is not None and targets is None and self._slot(command, words) != NO_SLOT:
            return await self._lanes.execute(self.response_callbacks, args, kwargs)
        if not self.connection_pool.is_settled:
            await self.connection_pool.initialize()
        fixed = targets is not None and not (isinstance(targets, str) and targets in NODE_FLAGS)
        retries = 0 if fixed else self.retry.get_retries()
        failures = 0
        while True:
            try:
                return await self._execute_once(command, args, words, kwargs, targets)
            except self.ERRORS_ALLOW_RETRY as error:
                failures += 1
                if isinstance(error, self._FINAL) or 0 <= retries < failures:
                    raise
                await self._recover(error, failures)

    async def _recover(self, error: Exception, failures: int) -> None:
        """Wait, and look at the cluster again."""
        seconds = max(self.retry._backoff.compute(failures), _DOWN if isinstance(error, ClusterDownError) else 0)
        await asyncio.sleep(seconds)
        try:
            await self.connection_pool.refresh()
        except RedisClusterException:
            if isinstance(error, RedisClusterException):
                raise  # there was nothing else wrong

    async def _execute_once(
        self, command: Command, args: tuple[Any, ...], words: Sequence[Any], options: dict[str, Any], targets: Any
    ) -> Any:
        endpoints = self._endpoints(command, words, targets)
        if len(endpoints) == 1 and command.name not in cluster_routing.MERGES:
            return await self._execute_on(endpoints[0], args, options)
        results = {f"{each.host}:{each.port}": await self._execute_on(each, args, options) for each in endpoints}
        return merged(command.name, results)

    async def _execute_on(self, endpoint: EndPoint, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        """Send a command to a node, and follow where it points."""
        pool, asking = self.connection_pool, False
        for turn in range(_MOST_REDIRECTIONS):
            node = self.nodes_manager.node_at(endpoint)
            shared = None if self._lanes is None or node.has_own else self._lanes
            try:
                if shared is not None:
                    return await shared.execute_at(endpoint, self.response_callbacks, args, dict(options))
                return await node.execute_command(*args, **({**options, ASKING: True} if asking else options))
            except AskError as error:
                if shared is not None:
                    raise  # it has followed what could be followed
                asking = type(error) is AskError
                asked, endpoint = endpoint, await pool.redirected(error, endpoint) or endpoint
                if endpoint == asked:
                    await asyncio.sleep(_TRY_AGAIN)  # nobody knows better yet
            except TryAgainError:
                if shared is not None or turn > _MOST_REDIRECTIONS // 2:
                    raise
                await asyncio.sleep(_TRY_AGAIN)
            except (RedisConnectionError, RedisTimeoutError):
                if shared is None:
                    pool.suspect(endpoint)
                    node.forget_own()
                self._leave(endpoint)
                raise
        raise ClusterError("TTL exhausted.")


def _slot_argument(command: Command, words: Sequence[Any]) -> int:
    try:
        return int(words[2])
    except (IndexError, ValueError):
        raise RedisClusterException(f"{command.name}: a slot is missing") from None
