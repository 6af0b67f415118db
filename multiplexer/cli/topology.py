"""``topology``: which servers there are, what each is for, and how it is."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import click
from rich.console import Group, RenderableType
from rich.text import Text

from .. import ConnectionMultiplexer
from ..blocking import Server
from ..core.commands.hash_slots import SLOT_COUNT
from ..errors import RedisError
from .common import (
    connect,
    count,
    ends_at_once,
    in_order,
    make_console,
    milliseconds,
    parse,
    primaries_of,
    reason,
    takes_configuration,
)
from .tables import Column, FittedTable, Shape, address, number
from .watching import ask_all, show, takes_watching

#: Ranges of slots of one server that are shown; what is beyond is counted.
_MOST_RANGES = 6


def take(mux: ConnectionMultiplexer) -> dict[str, Any]:
    """Ask all servers how they are; return the topology as plain values."""
    latencies = ask_all(mux, _ping)
    status = mux.get_status()
    cluster = status.get("cluster")
    slots = {} if cluster is None else {shard["primary"]: shard["slots"] for shard in cluster["shards"]}
    nodes = {} if cluster is None else cluster["nodes"]
    primaries = primaries_of(status)
    servers = []
    for server in in_order(status):
        endpoint = server["endpoint"]
        node = nodes.get(endpoint, {})
        latency, error = latencies.get(endpoint, (None, None))
        servers.append(
            {
                "endpoint": endpoint,
                "role": server["role"] if server["role"] != "unknown" else node.get("role", "unknown"),
                "primary": primaries[endpoint],
                "mode": server["mode"],
                "slots": slots.get(endpoint, []),
                "availability_zone": server["availability_zone"] or node.get("availability_zone"),
                "version": _version(server),
                "state": server["interactive"]["state"],
                "latency": latency,
                "health": _health(server, node, error),
            }
        )
    return {
        "servers": servers,
        "sentinels": status.get("sentinels"),
        "cluster": None if cluster is None else {name: cluster[name] for name in ("epoch", "is_up", "slots_served")},
    }


def _ping(server: Server[bytes]) -> float:
    if not server.is_connected:
        server.ping()  # the time this takes is not the way there and back
    start = time.perf_counter()
    server.ping()
    return time.perf_counter() - start


def _version(server: Mapping[str, Any]) -> str:
    return f"{server['server'] or ''} {'.'.join(map(str, server['version'] or ()))}".strip()


def _health(server: Mapping[str, Any], node: Mapping[str, Any], error: RedisError | None) -> str:
    """Return ``"ok"``, or what is wrong with a server."""
    if error is not None:
        return server["interactive"]["last_error"] or reason(error)
    if not node.get("is_healthy", True):
        return "failed, says the cluster"
    if server["link_up"] is False:
        return "out of touch with its primary"
    return "ok"


def render(values: Mapping[str, Any]) -> RenderableType:
    """Return the topology as tables, with what is wrong below them."""
    parts: list[RenderableType] = [_servers_table(values["servers"]), *_troubles(values["servers"])]
    if values["cluster"] is not None:
        parts.append(_cluster_line(values["cluster"]))
    if values["sentinels"]:
        parts += ["", _sentinels_table(values["sentinels"])]
    return Group(*parts)


def _servers_table(servers: Iterable[Mapping[str, Any]]) -> FittedTable:
    table = FittedTable(
        "Topology",
        address("server"),
        Column("role"),
        address("replica of", 1),
        Column("slots", 2, Shape.WORDS),
        Column("zone", 4),
        Column("runs", 5),
        number("latency", 3),
        Column("health"),
    )
    for server in servers:
        table.add_row(
            server["endpoint"],
            server["role"],
            server["primary"] or "",
            _slots(server["slots"]),
            server["availability_zone"] or "",
            server["version"],
            "" if server["latency"] is None else milliseconds(server["latency"]),
            Text("ok", "green") if server["health"] == "ok" else Text("not well", "red"),
        )
    return table


def _troubles(servers: Iterable[Mapping[str, Any]]) -> Iterator[Text]:
    for server in servers:
        if server["health"] != "ok":
            yield Text(f"{server['endpoint']}: {server['health']}", style="red")


def _slots(ranges: Sequence[Sequence[int]]) -> str:
    if not ranges:
        return ""
    shown = [str(first) if first == last else f"{first}-{last}" for first, last in ranges[:_MOST_RANGES]]
    if len(ranges) > _MOST_RANGES:
        shown.append(f"and {len(ranges) - _MOST_RANGES} more ranges")
    return f"{count(sum(last + 1 - first for first, last in ranges))}: {', '.join(shown)}"


def _cluster_line(cluster: Mapping[str, Any]) -> Text:
    missing = SLOT_COUNT - cluster["slots_served"]
    if missing:
        return Text(
            f"{count(missing)} of {count(SLOT_COUNT)} slots are served by nobody; epoch {cluster['epoch']}", style="red"
        )
    if not cluster["is_up"]:
        return Text(f"The cluster says that it is down; epoch {cluster['epoch']}", style="red")
    return Text(f"All slots are served; epoch {cluster['epoch']}", style="green")


def _sentinels_table(sentinels: Iterable[Mapping[str, Any]]) -> FittedTable:
    table = FittedTable("Sentinels", address("sentinel"), Column("health", shape=Shape.WORDS))
    for sentinel in sentinels:
        health = "ok" if sentinel["connected"] else sentinel["error"] or "not connected"
        table.add_row(sentinel["endpoint"], Text(health, style="green" if health == "ok" else "red"))
    return table


@click.command()
@takes_configuration
@takes_watching
@click.option(
    "--timeout",
    "-t",
    default=2.0,
    show_default=True,
    type=click.FloatRange(0, min_open=True),
    help="Seconds to wait for each server.",
)
def topology(configuration: str, every: float | None, lines: bool, timeout: float) -> None:
    """Show the servers: roles, slots, replicas, zones, latency and health.

    Every server is asked, those included that nothing else is sent to. The exit code is 1 where one is not well, or
    slots of a cluster are served by nobody.

    CONFIGURATION is a connection string or a URL, of one server, of several, of sentinels or of a cluster; it may also
    stand in the environment variable MULTIPLEXER_CONFIGURATION.
    """
    seen: dict[str, Any] = {}

    def taken() -> dict[str, Any]:
        seen.update(take(mux))
        return seen

    with connect(parse(configuration, timeout=timeout, connect_timeout=timeout)) as mux, ends_at_once():
        show(taken, render, make_console(), every=every, lines=lines)
    if not _is_well(seen):
        raise SystemExit(1)


def _is_well(values: Mapping[str, Any]) -> bool:
    cluster = values["cluster"]
    served = cluster is None or (cluster["is_up"] and cluster["slots_served"] == SLOT_COUNT)
    return served and bool(values["servers"]) and all(server["health"] == "ok" for server in values["servers"])
