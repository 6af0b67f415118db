"""What happens while callers are at work. Each fault ends by itself; none loses what a server has acknowledged."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from .cluster import Cluster
from .network import Link, Network
from .sentinels import Group
from .server import Server

#: The name by which clients of a scene with names know their server.
NAME = "store.example"


class Stage:
    """What can be hurt.

    Attributes:
        network: The network.
        servers: All servers.
        cluster: Whose members they are, if any.
        group: The same for sentinels.
        span: Seconds that a fault takes at most.
        busy_slot: Tells a slot whose keys callers use just now.
        happened: How often each fault was done.
    """

    def __init__(
        self, network: Network, servers: list[Any], cluster: Cluster | None, group: Group | None, span: float
    ) -> None:
        self.network = network
        self.servers: list[Server] = servers
        self.cluster = cluster
        self.group = group
        self.span = span
        self.busy_slot: Callable[[], int] = lambda: 0
        self.happened: dict[str, int] = {}
        self._next_address = 100

    def happen(self, fault: Fault, chance: Random) -> None:
        """Do a fault."""
        self.happened[fault.__name__] = self.happened.get(fault.__name__, 0) + 1
        self.network.tell(f"fault: {fault.__name__}")
        fault(self, chance)

    def later(self, chance: Random, call: Callable[..., Any], *args: Any) -> None:
        """End a fault after a while."""
        self.network.after(self.span * chance.random() ** 2, call, *args)

    def heal(self) -> None:
        """End everything that befalls anybody."""
        self.network.tell("all is well again")
        for server in self.servers:
            server.loading = server.full = False
            if not server.is_up:
                server.rise()
            server.wake()
        self.network.heal()
        if self.cluster is not None:
            for slot in list(self.cluster.moving):
                self.cluster.end_move(slot)
            self.cluster.changed()

    def some_links(self, chance: Random) -> list[Link]:
        """Return all links, or one of them."""
        links = self.network.links_to()
        return links if chance.random() < 0.3 or not links else [chance.choice(links)]

    def next_address(self) -> str:
        """Return an address that nobody had."""
        self._next_address += 1
        return f"10.9.{self._next_address // 250}.{1 + self._next_address % 250}"


Fault = Callable[[Stage, Random], None]

# -- connections ---------------------------------------------------------------------------------------


def reset(stage: Stage, chance: Random) -> None:
    """Reset connections."""
    for link in stage.some_links(chance):
        link.reset()


def kill_clients(stage: Stage, chance: Random) -> None:
    """Have a server close all connections, as CLIENT KILL does."""
    chance.choice(stage.servers).end_clients()


def half_open(stage: Stage, chance: Random) -> None:
    """Let the other ends of connections be gone, and nobody say so."""
    for link in stage.some_links(chance):
        link.vanish()


def cut(stage: Stage, chance: Random) -> None:
    """Break a connection after so many bytes."""
    for link in stage.some_links(chance):
        link.cut_after[chance.choice(("to_server", "to_client"))] = chance.choice((0, 1, 5, 17, 40, 150))


def slow_reader(stage: Stage, chance: Random) -> None:
    """Let servers read nothing from connections for a while."""
    for link in stage.some_links(chance):
        link.stall()
        stage.later(chance, link.unstall)


# -- the network ---------------------------------------------------------------------------------------


def partition(stage: Stage, chance: Random) -> None:
    """Let nothing reach a server, or leave it, for a while."""
    address = chance.choice(stage.servers).address
    stage.network.part(address)
    stage.later(chance, stage.network.join, address)


def slow_network(stage: Stage, chance: Random) -> None:
    """Let everything take longer for a while."""
    stage.network.slowest = chance.choice((0.02, 0.1, 0.5))

    def end() -> None:
        stage.network.slowest = 0.002

    stage.later(chance, end)


def dribble(stage: Stage, chance: Random) -> None:
    """Let bytes arrive in small parts for a while."""
    stage.network.dribbling = True

    def end() -> None:
        stage.network.dribbling = False

    stage.later(chance, end)


# -- servers -------------------------------------------------------------------------------------------


def hang(stage: Stage, chance: Random) -> None:
    """Stop a server's process for a while."""
    server = chance.choice(stage.servers)
    server.hang()
    stage.later(chance, server.wake)


def die(stage: Stage, chance: Random) -> None:
    """Kill a server, which comes back with all it has acknowledged, and may take a while to load it."""
    server = chance.choice(stage.servers)
    if not server.is_up:
        return
    server.die()

    def loaded() -> None:
        server.loading = False

    def rise() -> None:
        if not server.is_up:
            server.rise()
            server.loading = chance.random() < 0.3
            stage.later(chance, loaded)

    stage.later(chance, rise)


def full_house(stage: Stage, chance: Random) -> None:
    """Let a server take no more clients for a while, and lose those it has."""
    server = chance.choice(stage.servers)
    server.full = True
    server.end_clients()

    def end() -> None:
        server.full = False

    stage.later(chance, end)


ONE_SERVER: tuple[Fault, ...] = (
    reset,
    reset,
    kill_clients,
    half_open,
    cut,
    cut,
    slow_reader,
    partition,
    slow_network,
    dribble,
    hang,
    die,
    full_house,
)

# -- names ---------------------------------------------------------------------------------------------


def silent_names(stage: Stage, chance: Random) -> None:
    """Let nobody answer questions for names for a while, and break all connections."""
    stage.network.silent_names = True
    for link in stage.network.links_to():
        link.reset()

    def end() -> None:
        stage.network.silent_names = False

    stage.later(chance, end)


def move_house(stage: Stage, chance: Random) -> None:
    """Move the server to another address: the name follows a little later."""
    server = stage.servers[0]
    if not server.is_up:
        return
    server.die()
    address = stage.next_address()
    server.rise((address, server.place[1]))

    def follow() -> None:
        stage.network.names[NAME] = [stage.next_address(), address] if chance.random() < 0.3 else [address]

    stage.network.after(min(stage.span, 2.0) * chance.random(), follow)


NAMED: tuple[Fault, ...] = (*ONE_SERVER, silent_names, move_house, move_house)

# -- clusters ------------------------------------------------------------------------------------------


def _of_cluster(stage: Stage) -> Cluster:
    assert stage.cluster is not None
    return stage.cluster


def cluster_fails_over(stage: Stage, chance: Random) -> None:
    """Have a replica take over by hand."""
    cluster = _of_cluster(stage)
    cluster.fail_over(chance.choice(cluster.shards))


def primary_dies(stage: Stage, chance: Random) -> None:
    """Kill a primary; a replica takes over after a while, and the dead one comes back as a replica."""
    cluster = _of_cluster(stage)
    shard = chance.choice(cluster.shards)
    server = shard.primary
    if not server.is_up:
        return
    server.die()

    def rise() -> None:
        if not server.is_up:
            server.rise()
            cluster.changed()

    def take_over() -> None:
        if shard.primary is server and not server.is_up:
            cluster.fail_over(shard)

    stage.network.after(stage.span * 0.1, take_over)
    stage.network.after(stage.span * (0.2 + chance.random()), rise)


def slot_moves(stage: Stage, chance: Random) -> None:
    """Move a slot that callers use: key by key, and known to all in the end."""
    cluster, slot = _of_cluster(stage), stage.busy_slot()
    if slot in cluster.moving:
        return
    cluster.begin_to_move(slot, chance.choice(cluster.shards))
    if slot in cluster.moving:
        for number in range(4):
            stage.network.after(min(stage.span, 2.0) * 0.2 * (number + chance.random()), _move_some, cluster, slot)
        stage.network.after(min(stage.span, 2.0) * 1.1, cluster.end_move, slot)


def _move_some(cluster: Cluster, slot: int) -> None:
    if slot in cluster.moving:
        cluster.move_keys(slot, 3)


OF_CLUSTER: tuple[Fault, ...] = (
    *ONE_SERVER,
    cluster_fails_over,
    cluster_fails_over,
    primary_dies,
    primary_dies,
    slot_moves,
    slot_moves,
    slot_moves,
)

# -- groups --------------------------------------------------------------------------------------------


def group_fails_over(stage: Stage, chance: Random) -> None:
    """Have a replica of the primary take over, perhaps because that died."""
    assert stage.group is not None
    group, before = stage.group, stage.group.primary
    if chance.random() < 0.5 and before.is_up:
        before.die()

        def rise() -> None:
            if not before.is_up:
                before.rise()

        stage.later(chance, rise)
    stage.network.after(min(stage.span, 5.0) * chance.random(), _take_over, group, before)


def _take_over(group: Group, before: Server) -> None:
    if group.primary is before:
        group.fail_over()


OF_GROUP: tuple[Fault, ...] = (*ONE_SERVER, group_fails_over, group_fails_over, group_fails_over)
