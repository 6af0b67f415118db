"""A sentinel that says what a test wants it to say, true or not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .scripted import Connection, ScriptedServer
from .wire import Error, Simple

__all__ = ["Address", "ScriptedSentinel"]

Address = tuple[str, int]


class ScriptedSentinel(ScriptedServer):
    """A scripted server that answers SENTINEL as one that watches a single service.

    Attributes:
        service: The service it knows.
        primary: Address it names, or None where it knows no service at all.
        epoch: Configuration epoch of the last failover.
        replicas: Addresses it names.
        others: Addresses of other sentinels it names.
        flags: Of the primary, as SENTINEL MASTER has them.
    """

    def __init__(
        self,
        primary: Address | None = None,
        *,
        service: str = "mymaster",
        epoch: int = 0,
        replicas: Iterable[Address] = (),
        others: Iterable[Address] = (),
    ) -> None:
        super().__init__()
        self.service = service
        self.primary = primary
        self.epoch = epoch
        self.replicas = list(replicas)
        self.others = list(others)
        self.flags = "master"
        self.on("SENTINEL", self._sentinel)

    def _sentinel(self, connection: Connection, args: tuple[bytes, ...]) -> Any:
        word = args[1].decode().upper()
        known = self.primary is not None and (len(args) < 3 or args[2].decode() == self.service)
        if word == "MASTERS":
            return [self._primary()] if known else []
        if word in ("GET-MASTER-ADDR-BY-NAME", "GET-PRIMARY-ADDR-BY-NAME"):
            return [str(word) for word in self.primary or ()] if known else None
        if not known:
            return Error("ERR No such master with that name")
        if word in ("MASTER", "PRIMARY"):
            return self._primary()
        if word in ("SLAVES", "REPLICAS"):
            return [_state(address, "slave") for address in self.replicas]
        if word == "SENTINELS":
            return [_state(address, "sentinel") for address in self.others]
        return Simple("OK")

    def _primary(self) -> dict[str, str]:
        assert self.primary is not None
        others = str(len(self.others))
        more = {"name": self.service, "config-epoch": str(self.epoch), "num-other-sentinels": others, "quorum": "2"}
        return _state(self.primary, self.flags) | more

    def announce(self, channel: str, data: str) -> None:
        """Publish something to everybody who subscribed to the channel."""
        for connection in self.connections:
            if channel.encode() in connection.subscriptions:
                connection.push("message", channel, data)


def _state(address: Address, flags: str) -> dict[str, str]:
    host, port = address
    return {"name": f"{host}:{port}", "ip": host, "port": str(port), "flags": flags}
