"""A cluster of three primaries on loopback."""

from __future__ import annotations

from typing import Any

from multiplexer.embedded import EmbeddedCluster

PRIMARIES = 3
#: What a cluster has unless told otherwise, in milliseconds: a busy machine shall not make one look dead.
NODE_TIMEOUT = 15_000


class BenchCluster(EmbeddedCluster):
    """Three servers that share the slots evenly."""

    def __init__(self) -> None:
        """Start them and wait until each says that the cluster is up: some three seconds."""
        super().__init__(PRIMARIES, 0, node_timeout=NODE_TIMEOUT)

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of the first node."""
        return self.nodes[0].address

    @property
    def pid(self) -> int:
        """Process of the first node."""
        return self.nodes[0].pid

    def command(self, name: str, key: str, *args: Any) -> Any:
        """Run a command on the node that serves its key."""
        return self.owner(key).command(name, key, *args)
