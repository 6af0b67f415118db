"""A real cluster of either kind of server for tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from multiplexer.embedded import ClusterNode as EmbeddedNode
from multiplexer.embedded import ServerCluster

from .real import Kind, RealServer

__all__ = ["ClusterNode", "RealCluster"]

#: Milliseconds after which a node that was killed is taken for dead.
_SOON = 1000


class ClusterNode(EmbeddedNode, RealServer):
    """One member of a :class:`RealCluster`."""

    #: Whose it is, until it is closed.
    cluster: RealCluster | None = None

    def kill(self) -> None:
        self._will_be_missed()
        super().kill()

    def pause(self) -> None:
        self._will_be_missed()
        super().pause()

    def close(self) -> None:
        self.cluster = None
        super().close()

    def _will_be_missed(self) -> None:
        if self.cluster is not None and self.alive:
            self.cluster.lose_patience(self)

    @property
    def address(self) -> str:  # type: ignore[override]
        """``host:port``."""
        return self.endpoint


class RealCluster(ServerCluster[ClusterNode]):
    """A cluster of real servers, for one or more tests.

    Its nodes take none for dead, however busy the machine is, until a test kills or pauses one: a primary that is
    merely slow would be replaced, and what it had acknowledged meanwhile be lost.

    Attributes:
        kind: ``"valkey"`` or ``"redis"``.
    """

    def __init__(
        self,
        kind: Kind = "valkey",
        primaries: int = 3,
        replicas: int = 1,
        *,
        node_timeout: int = 30_000,
        config: Mapping[str, str | int] | None = None,
        node_config: Callable[[int], Iterable[str]] = lambda index: (),
    ) -> None:
        """Start a cluster and wait until it is up and its replicas are in step.

        Args:
            kind: Which server.
            primaries: How many primaries; the slots are shared evenly among them.
            replicas: How many replicas each has.
            node_timeout: ``cluster-node-timeout``, in milliseconds, until a node is killed or paused.
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

    def lose_patience(self, lost: ClusterNode) -> None:
        """Have the nodes find out soon that one of them is gone, which is about to be."""
        if self.node_timeout > _SOON:
            self.node_timeout = _SOON
            for node in {lost, *self.running()}:
                node.command("CONFIG", "SET", "cluster-node-timeout", _SOON)

    def _make_node(self, port: int, config: list[str]) -> ClusterNode:
        node = ClusterNode.start(self.kind, port=port, config=config)
        node.cluster = self
        return node
