"""A cluster of three primaries on loopback."""

from __future__ import annotations

import time
from typing import Any, Self

from multiplexer.core.commands.hash_slots import SLOT_COUNT, slot_of
from multiplexer.embedded import EmbeddedServer

PRIMARIES = 3
PATIENCE = 30.0


class EmbeddedCluster:
    """Three servers that share the slots evenly.

    Attributes:
        nodes: The servers.
    """

    def __init__(self) -> None:
        """Start them and wait until each says that the cluster is up: some three seconds."""
        self.nodes: list[EmbeddedServer] = []
        try:
            for number in range(PRIMARIES):
                node = EmbeddedServer.start(config={"cluster-enabled": "yes"})
                self.nodes.append(node)
                node.command("CLUSTER", "SET-CONFIG-EPOCH", number + 1)
                node.command("CLUSTER", "ADDSLOTSRANGE", _first_slot(number), _first_slot(number + 1) - 1)
            for node in self.nodes[1:]:
                node.command("CLUSTER", "MEET", *self.nodes[0].address)
            self._wait_up()
        except BaseException:
            self.close()
            raise

    def _wait_up(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while not all(map(_sees_all, self.nodes)):
            if time.monotonic() > deadline:
                raise TimeoutError(f"the cluster is not up within {PATIENCE:.0f} s")
            time.sleep(0.05)

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
        slot = slot_of(key.encode())
        owner = next(number for number in range(PRIMARIES) if slot < _first_slot(number + 1))
        return self.nodes[owner].command(name, key, *args)

    def close(self) -> None:
        """End the servers."""
        for node in self.nodes:
            node.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


def _first_slot(number: int) -> int:
    return number * SLOT_COUNT // PRIMARIES


def _sees_all(node: EmbeddedServer) -> bool:
    """Whether a node holds the cluster for up and knows the owners of all slots."""
    state = node.command("CLUSTER", "INFO").decode()
    return "cluster_state:ok" in state and len(node.command("CLUSTER", "SLOTS")) == PRIMARIES
