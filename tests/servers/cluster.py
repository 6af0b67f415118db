"""A real cluster of either kind of server for tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from multiplexer.embedded import ClusterNode as EmbeddedNode
from multiplexer.embedded import ServerCluster

from .real import Kind, RealServer

__all__ = ["ClusterNode", "RealCluster"]


class ClusterNode(EmbeddedNode, RealServer):
    """One member of a :class:`RealCluster`."""

    @property
    def address(self) -> str:  # type: ignore[override]
        """``host:port``."""
        return self.endpoint


class RealCluster(ServerCluster[ClusterNode]):
    """A cluster of real servers, for one or more tests.

    Attributes:
        kind: ``"valkey"`` or ``"redis"``.
    """

    def __init__(
        self,
        kind: Kind = "valkey",
        primaries: int = 3,
        replicas: int = 1,
        *,
        node_timeout: int = 1000,
        config: Mapping[str, str | int] | None = None,
        node_config: Callable[[int], Iterable[str]] = lambda index: (),
    ) -> None:
        """Start a cluster and wait until it is up and its replicas are in step.

        Args:
            kind: Which server.
            primaries: How many primaries; the slots are shared evenly among them.
            replicas: How many replicas each has.
            node_timeout: ``cluster-node-timeout``, in milliseconds.
            config: Further directives for every node.
            node_config: Further directives, as whole lines, for the node of an index.

        Raises:
            LookupError: This machine has no such server.
            ServerStartError: A node did not start.
        """
        self.kind = kind
        self._names_shards = kind == "valkey"
        super().__init__(
            primaries,
            replicas,
            node_timeout=node_timeout,
            config={"enable-debug-command": "yes", **(config or {})},
            node_config=node_config,
        )

    def _make_node(self, port: int, config: list[str]) -> ClusterNode:
        return ClusterNode.start(self.kind, port=port, config=config)
