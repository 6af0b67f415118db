"""A model of a primary with replicas, of which one may take over, and of the sentinels that say so."""

from __future__ import annotations

from typing import Any

from tests.servers.wire import Error

from .keyspace import Keyspace
from .network import Network
from .server import ClientSession, Server, Words

SERVICE = "mymaster"


class Group:
    """A primary and its replicas, which share what they keep: a failover loses nothing that was acknowledged.

    Attributes:
        servers: All of them.
        primary: The one that takes writes.
        sentinels: Those who watch them; there may be none.
        epoch: How many failovers there were.
    """

    def __init__(self, network: Network, replicas: int, sentinels: int) -> None:
        self.network = network
        spaces = [Keyspace(), Keyspace()]
        self.servers: list[Server] = [
            Member(network, self, f"10.1.0.{number + 1}", spaces) for number in range(1 + replicas)
        ]
        self.sentinels = [Sentinel(network, self, f"10.2.0.{number + 1}") for number in range(sentinels)]
        self.epoch = 0
        self.primary = self.servers[0]
        self._promote(self.primary)

    @property
    def seeds(self) -> str:
        """What to connect to, as a configuration string."""
        if not self.sentinels:
            return ",".join(server.name for server in self.servers)
        return ",".join(sentinel.name for sentinel in self.sentinels) + f",serviceName={SERVICE}"

    def _promote(self, chosen: Server) -> None:
        self.primary = chosen
        for server in self.servers:
            server.follow(None if server is chosen else chosen)

    def fail_over(self) -> bool:
        """Have a living replica take over, and announce it; return whether there was one."""
        before = self.primary
        able = [server for server in self.servers if server.is_up and server is not before]
        if not able:
            return False
        self.epoch += 1
        self._promote(self.network.chance.choice(able))
        if self.sentinels:
            before.end_clients()  # as sentinels do
        news = f"{SERVICE} {before.place[0]} {before.place[1]} {self.primary.place[0]} {self.primary.place[1]}"
        for sentinel in self.sentinels:
            if sentinel.is_up:
                sentinel.publish(b"+switch-master", news.encode())
        return True


class Member(Server):
    """A primary or replica, which passes on what is published at its primary."""

    def __init__(self, network: Network, group: Group, address: str, spaces: list[Keyspace]) -> None:
        super().__init__(network, (address, 6379), spaces)
        self.group = group

    def hearers(self) -> list[Server]:
        return [each for each in self.group.servers if each is not self] if self.role == "master" else []


class Sentinel(Server):
    """Watches a group, and tells who its primary is."""

    mode = "sentinel"

    def __init__(self, network: Network, group: Group, address: str) -> None:
        super().__init__(network, (address, 26379))
        self.group = group

    def answer(self, session: ClientSession, name: bytes, words: Words) -> Any:
        if name != b"SENTINEL":
            return super().answer(session, name, words)
        group, word = self.group, words[1].upper()
        if word == b"MASTER":
            others = str(len(group.sentinels) - 1)
            more = {"config-epoch": str(group.epoch), "num-other-sentinels": others, "quorum": "2"}
            return _state(group.primary, "master") | more
        if word == b"GET-MASTER-ADDR-BY-NAME":
            host, port = group.primary.place
            return [host, str(port)]
        if word in (b"SLAVES", b"REPLICAS"):
            return [_state(server, "slave") for server in group.servers if server is not group.primary]
        if word == b"SENTINELS":
            return [_state(sentinel, "sentinel") for sentinel in group.sentinels if sentinel is not self]
        return Error("ERR unknown subcommand")


def _state(server: Server, flags: str) -> dict[str, str]:
    host, port = server.place
    flags = flags if server.is_up else f"{flags},s_down"
    return {"name": server.name, "ip": host, "port": str(port), "flags": flags}
