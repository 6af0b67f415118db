"""A model of a cluster: slots that move key by key, replicas that take over, nodes that die and come back.

The members of a shard share what they keep, so a failover loses nothing that was acknowledged.
"""

from __future__ import annotations

from typing import Any

from multiplexer.core.commands.hash_slots import SLOT_COUNT, slot_of
from tests.servers.wire import Error

from .keyspace import Keyspace
from .network import Network
from .server import ClientSession, Server, Words

PORT = 6379


class Shard:
    """Servers with the same slots.

    Attributes:
        spaces: What they keep.
        members: The servers.
        primary: The one that takes writes.
    """

    def __init__(self) -> None:
        self.spaces = [Keyspace()]
        self.members: list[ClusterServer] = []
        self.primary: ClusterServer

    @property
    def living(self) -> list[ClusterServer]:
        """Its members that are up."""
        return [member for member in self.members if member.is_up]


class ClusterServer(Server):
    """A member of a cluster."""

    mode = "cluster"

    def __init__(self, network: Network, cluster: Cluster, shard: Shard, address: str) -> None:
        super().__init__(network, (address, PORT), shard.spaces)
        self.cluster = cluster
        self.shard = shard
        self.id = f"{len(cluster.servers):040x}"

    def refusal(self, session: ClientSession, keys: list[bytes], writes: bool, asking: bool) -> Error | None:
        if not keys:
            return None
        slot = slot_of(keys[0])
        if any(slot_of(key) != slot for key in keys[1:]):
            return Error("CROSSSLOT Keys in request don't hash to the same slot")
        cluster, owner = self.cluster, self.cluster.owners[slot]
        target = cluster.moving.get(slot)
        if owner is self.shard:
            if self is not owner.primary:
                return None if session.reads_here and not writes else self._moved(slot, owner)
            if target is None:
                return None
            there = sum(self.spaces[0].has(key) for key in keys)
            if there == len(keys):
                return None
            host, port = target.primary.place
            return (
                Error("TRYAGAIN Multiple keys request during rehashing of slot")
                if there
                else Error(f"ASK {slot} {host}:{port}")
            )
        if target is self.shard and asking and self is target.primary:
            if len(keys) > 1 and not all(self.spaces[0].has(key) for key in keys):
                return Error("TRYAGAIN Multiple keys request during rehashing of slot")
            return None
        return self._moved(slot, owner)

    @staticmethod
    def _moved(slot: int, owner: Shard) -> Error:
        host, port = owner.primary.place
        return Error(f"MOVED {slot} {host}:{port}")

    def answer(self, session: ClientSession, name: bytes, words: Words) -> Any:
        if name == b"CLUSTER":
            word = words[1].upper()
            if word == b"INFO":
                return self.cluster.info()
            if word in (b"SLOTS", b"SHARDS"):
                return self.cluster.slots() if word == b"SLOTS" else self.cluster.shards_reply()
            return Error(f"ERR unknown subcommand '{word.decode()}'")
        return super().answer(session, name, words)

    def hearers(self) -> list[Server]:
        return [other for other in self.cluster.servers if other is not self]


class Cluster:
    """All members, and who owns which slot.

    Attributes:
        shards: The shards.
        servers: Their members.
        owners: The shard of each slot.
        moving: Where slots that are on their way go.
        epoch: How often anything has changed.
    """

    def __init__(self, network: Network, primaries: int, replicas: int) -> None:
        self.network = network
        self.shards: list[Shard] = []
        self.servers: list[ClusterServer] = []
        self.epoch = 1
        self.moving: dict[int, Shard] = {}
        for _ in range(primaries):
            shard = Shard()
            self.shards.append(shard)
            for _ in range(1 + replicas):
                count = len(self.servers)
                server = ClusterServer(network, self, shard, f"10.0.{count // 250}.{1 + count % 250}")
                self.servers.append(server)
                shard.members.append(server)
            self._promote(shard, shard.members[0])
        self.owners = [self.shards[slot * primaries // SLOT_COUNT] for slot in range(SLOT_COUNT)]
        self._cached: dict[str, Any] = {}

    @property
    def seeds(self) -> str:
        """Addresses to connect to first."""
        return ",".join(f"{host}:{port}" for host, port in (server.place for server in self.servers[:3]))

    def changed(self) -> None:
        """Something has changed that maps tell."""
        self.epoch += 1
        self._cached = {}

    # -- what it says ----------------------------------------------------------------------------------

    def info(self) -> str:
        """What CLUSTER INFO says."""
        return f"cluster_state:ok\r\ncluster_known_nodes:{len(self.servers)}\r\ncluster_current_epoch:{self.epoch}\r\n"

    def ranges(self) -> list[tuple[int, int, Shard]]:
        """Return the first and last slot of each range, and its shard."""
        found: list[tuple[int, int, Shard]] = []
        first = 0
        for slot in range(1, SLOT_COUNT + 1):
            if slot == SLOT_COUNT or self.owners[slot] is not self.owners[first]:
                found.append((first, slot - 1, self.owners[first]))
                first = slot
        return found

    def slots(self) -> list[Any]:
        """What CLUSTER SLOTS says."""
        if "SLOTS" not in self._cached:
            self._cached["SLOTS"] = [
                [first, last, *([*member.place, member.id, []] for member in self._in_order(shard))]
                for first, last, shard in self.ranges()
            ]
        found: list[Any] = self._cached["SLOTS"]
        return found

    def _in_order(self, shard: Shard) -> list[ClusterServer]:
        return [shard.primary, *(each for each in shard.living if each is not shard.primary)]

    def shards_reply(self) -> list[Any]:
        """What CLUSTER SHARDS says."""
        if "SHARDS" not in self._cached:
            flat: dict[int, list[int]] = {}
            for first, last, shard in self.ranges():
                flat.setdefault(id(shard), []).extend((first, last))
            self._cached["SHARDS"] = [
                {"slots": flat.get(id(shard), []), "nodes": [self._node(member) for member in shard.members]}
                for shard in self.shards
            ]
        found: list[Any] = self._cached["SHARDS"]
        return found

    def _node(self, member: ClusterServer) -> dict[str, Any]:
        host, port = member.place
        return {
            "id": member.id,
            "port": port,
            "ip": host,
            "endpoint": host,
            "role": member.role,
            "replication-offset": 0,
            "health": "online" if member.is_up else "failed",
        }

    # -- what happens ----------------------------------------------------------------------------------

    def _promote(self, shard: Shard, chosen: ClusterServer) -> None:
        shard.primary = chosen
        for member in shard.members:
            member.follow(None if member is chosen else chosen)

    def fail_over(self, shard: Shard) -> bool:
        """Have a living replica take over; return whether there was one."""
        able = [member for member in shard.living if member is not shard.primary]
        if not able:
            return False
        self._promote(shard, self.network.chance.choice(able))
        self.changed()
        return True

    def begin_to_move(self, slot: int, target: Shard) -> None:
        """Let a slot be on its way, from here on."""
        if self.owners[slot] is not target:
            self.moving[slot] = target

    def move_keys(self, slot: int, most: int) -> None:
        """Move some of its keys."""
        source, target = self.owners[slot].spaces[0], self.moving[slot].spaces[0]
        for key in [key for key in source.entries if slot_of(key) == slot][:most]:
            entry = source.entries[key]
            source.put(key, None)
            target.put(key, entry.value, entry.expires)

    def end_move(self, slot: int) -> None:
        """Move what is left of it, and let everybody know."""
        if slot in self.moving:
            self.move_keys(slot, 1_000_000)
            self.owners[slot] = self.moving.pop(slot)
            self.changed()
