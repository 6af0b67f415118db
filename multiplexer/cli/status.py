"""``status``: what the multiplexer knows of its servers, as tables, JSON, or a zip for a support ticket."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import click
from rich.console import Console, Group, RenderableType
from rich.text import Text

from .. import ConnectionGroup, ConnectionMultiplexer, Member
from ..attaching.viewing import View
from ..errors import RedisError
from .common import (
    Status,
    bridges,
    connect,
    count,
    ends_at_once,
    in_order,
    make_console,
    milliseconds,
    parse,
    size,
    takes_configuration,
)
from .last_minute import LastMinute, connections, figures
from .tables import Column, FittedTable, Shape, address, number
from .watching import show, takes_watching

#: Seconds that connections under way are waited for at most, and between two looks at them.
_MOMENT, _LOOK = 1.0, 0.005

_STATE_STYLES = {"established": "green", "disconnected": "red", "closed": "red", "not needed yet": "dim"}
_COUNTED = (
    ("operations", "operation_count"),
    ("failed", "failed"),
    ("retried", "retried"),
    ("unsent", "pending_unsent_items"),
    ("sent", "sent_items_awaiting_response"),
    ("parked", "responses_awaiting_async_completion"),
    ("sockets", "socket_count"),
    ("subscriptions", "subscriptions"),
    ("largest batch", "largest_batch"),
)
_CACHED = ("hits", "misses", "coalesced", "stored", "evicted", "refused", "invalidated", "overwritten", "entries")


def servers_table(status: Status) -> FittedTable:
    """Return what is known of each server."""
    table = FittedTable(
        "Servers",
        address("endpoint"),
        Column("role"),
        Column("server", 1),
        Column("mode", 2),
        number("RESP", 3),
        number("databases", 4),
        Column("run id", 5),
    )
    for server in in_order(status):
        version = ".".join(map(str, server["version"] or ()))
        table.add_row(
            server["endpoint"],
            server["role"],
            f"{server['server'] or ''} {version}".strip() or "unknown",
            server["mode"] or "unknown",
            str(server["protocol"]) if server["version"] else "",
            str(server["databases"] or ""),
            (server["run_id"] or "")[:8],
        )
    return table


def bridges_table(status: Status) -> FittedTable:
    """Return the state of every connection."""
    table = FittedTable(
        "Connections",
        address("endpoint"),
        Column("connection", 1),
        Column("state"),
        number("client id", 3),
        number("attempts", 2),
    )
    for endpoint, bridge in bridges(status):
        state = "not needed yet" if _is_untried(bridge) else bridge["state"]
        table.add_row(
            endpoint,
            bridge["connection_type"],
            Text(state, style=_STATE_STYLES.get(state, "yellow")),
            str(bridge["client_id"] or ""),
            str(bridge["attempts"]),
        )
    return table


def _is_untried(bridge: Status) -> bool:
    """Tell whether nothing has asked for a connection, as for a replica that nobody reads from."""
    return bridge["state"] == "disconnected" and not (bridge["attempts"] or bridge["socket_count"])


def last_errors(status: Status) -> Iterator[Text]:
    """Yield a line for each connection that is down, or was, with the reason."""
    for endpoint, bridge in bridges(status):
        if bridge["last_error"]:
            yield Text(f"{endpoint}, {bridge['connection_type']}, last error: {bridge['last_error']}", style="red")


def counters_table(status: Status) -> FittedTable:
    """Return every connection's counters, a column each."""
    found = [(endpoint, bridge) for endpoint, bridge in bridges(status) if not _is_untried(bridge)]
    headers = [f"{endpoint}\n{bridge['connection_type']}" for endpoint, bridge in found]
    columns = [Column(header, shape=Shape.ADDRESS, justify="right") for header in headers]
    table = FittedTable("Counters", Column("counter"), *columns, in_parts=True)
    for name, key in _COUNTED:
        table.add_row(name, *(count(bridge[key]) for _, bridge in found))
    for name, key in (("out", "bytes_sent"), ("in", "bytes_received")):
        table.add_row(name, *(size(bridge[key]) for _, bridge in found))
    for name in ("p50", "p90", "p99"):
        times = [bridge["latency"][name] for _, bridge in found]
        table.add_row(name, *(milliseconds(each) if each else "-" for each in times))
    return table


def conditions(status: Status) -> Iterator[Text]:
    """Yield a line for each server that is being maintained, was moved, or whose circuit breaker is open."""
    for server in status["servers"]:
        found = [f"during {what}" for what in server["under_way"]]
        if server["circuit_breaker"] == "open":
            found.append("its circuit breaker is open")
        reached = server["interactive"]["address"]
        if reached != server["endpoint"]:
            found.append(f"reached at {reached}")
        if found:
            yield Text(f"{server['endpoint']}: {', '.join(found)}", style="yellow")


def members_table(status: Status) -> FittedTable:
    """Return which deployments a group has, and which is used."""
    table = FittedTable(
        "Members",
        Column("member"),
        Column("used"),
        Column("state", shape=Shape.WORDS),
        Column("circuit breaker", 2),
        Column("servers", 1),
        number("weight", 3),
    )
    for member in status["members"]:
        connected = sum(server["interactive"]["state"] == "established" for server in member["servers"])
        table.add_row(
            member["name"],
            "used" if member["is_active"] else "",
            Text("well" if member["is_well"] else member["reason"], style="green" if member["is_well"] else "red"),
            member["circuit_breaker"],
            f"{connected} of {len(member['servers'])} connected",
            f"{member['weight']:g}",
        )
    return table


def cache_table(cache: Status) -> FittedTable:
    """Return what a client-side cache has counted and holds."""
    table = FittedTable("Client cache", Column("what"), number("figure"))
    asked = cache["hits"] + cache["misses"] + cache["coalesced"]
    table.add_row("hit rate", f"{cache['hits'] / asked:.1%}" if asked else "")
    for name in _CACHED:
        table.add_row(name, count(cache[name]))
    table.add_row("held", size(cache["bytes"]))
    table.add_row("connections told of changes", count(cache["tracking"]))
    return table


def tables(status: Status, *, watched: bool = False) -> RenderableType:
    """Return everything, for a console; where it is watched, what changes comes first, for screens may be small."""
    parts: list[RenderableType]
    if "members" in status:
        parts = [members_table(status)]
        for member in status["members"]:
            parts += [f"\n{member['name']}:", tables(member, watched=watched)]
        return Group(*parts)
    about: list[RenderableType] = [servers_table(status)]
    state: list[RenderableType] = [bridges_table(status), *last_errors(status), *conditions(status)]
    counted: list[RenderableType] = [counters_table(status)]
    if "client_cache" in status:
        counted += ["", cache_table(status["client_cache"])]
        if status["client_cache"]["disabled"]:
            counted.append(Text(f"nothing is kept: {status['client_cache']['disabled']}", style="yellow"))
    parts = [f"multiplexer {status['version']}, configured as {status['configuration']}"]
    for part in (counted, state, about) if watched else (about, state, counted):
        parts += ["", *part]
    if status["storm_log"]:
        parts.append(Text(f"\nStorm log:\n{status['storm_log']}"))
    return Group(*parts)


def show_group(members: tuple[str, ...], console: Console, every: float | None, lines: bool, timeout: float) -> None:
    """Show a group of deployments; the exit code is 1 where none can be used.

    Raises:
        click.ClickException: A member is not understood.
    """
    named = [member.partition("=") for member in members]
    for name, _, configuration in named:
        if not name or not configuration:
            raise click.ClickException("--member: write NAME=CONFIGURATION")
    options = [(name, parse(text, timeout=timeout, connect_timeout=timeout)) for name, _, text in named]
    weights = range(len(options), 0, -1)
    try:
        group = ConnectionGroup.connect(
            [Member(each, name, w) for (name, each), w in zip(options, weights, strict=True)]
        )
    except RedisError as error:
        raise click.ClickException(str(error)) from None
    with group, ends_at_once():
        usable = any(member.is_well for member in group.members.values())
        show(group.get_status, partial(tables, watched=every is not None), console, every=every, lines=lines)
    if not usable:
        raise SystemExit(1)


def show_attached(where: str, console: Console, every: float | None, lines: bool, timeout: float) -> None:
    """Show what a running application shows of its own multiplexer; the exit code is 1 where no server is connected.

    Raises:
        click.ClickException: Nobody shows anything there, or the application has ended.
    """
    history = LastMinute()

    def render(view: Status) -> RenderableType:
        history.note(figures(view["at"], view["status"]))
        title = f"{view['program'] or 'an application'}, process {view['pid']}"
        if every is None:
            return Group(title, tables(view["status"]))
        return Group(title, "", history.table(), "", tables(view["status"], watched=True))

    try:
        with View(where, timeout) as view, ends_at_once():
            show(view.take, render, console, every=every, lines=lines)
            is_connected = any(each["state"] == "established" for each in connections(view.take()["status"]))
    except RedisError as error:
        raise click.ClickException(str(error)) from None
    if not is_connected:
        raise SystemExit(1)


def settle(mux: ConnectionMultiplexer) -> None:
    """Give connections that are being made a moment, so that what is shown once is how things are."""
    end = time.monotonic() + _MOMENT
    while time.monotonic() < end and any(
        bridge["state"] in ("connecting", "establishing") for _, bridge in bridges(mux.get_status())
    ):
        time.sleep(_LOOK)


def export(mux: ConnectionMultiplexer, path: Path) -> None:
    """Write what every server says of itself to a zip.

    Raises:
        click.ClickException: The file cannot be written.
    """
    content = mux.export_configuration()
    try:
        path.write_bytes(content)
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}") from None


@click.command()
@takes_configuration
@takes_watching
@click.option(
    "--export",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write INFO, CONFIG GET, CLIENT LIST and CLUSTER NODES of every server to this zip file.",
)
@click.option("--cache", is_flag=True, help="Have servers tell of changes, as caching handles do, and show the cache.")
@click.option(
    "--member",
    "members",
    metavar="NAME=CONFIGURATION",
    multiple=True,
    help="A deployment of a group; the first is used.",
)
@click.option(
    "--attach",
    "where",
    metavar="PATH",
    help="Show a running application's own multiplexer: the socket's path, or the port, it gave to serve_status.",
)
@click.option("--timeout", "-t", default=5.0, show_default=True, type=click.FloatRange(0, min_open=True))
def status(
    configuration: str,
    every: float | None,
    lines: bool,
    path: Path | None,
    cache: bool,
    members: tuple[str, ...],
    where: str | None,
    timeout: float,
) -> None:
    """Show servers, connections and counters; the exit code is 1 where no server is connected.

    CONFIGURATION is a connection string or a URL; it may also stand in the environment variable
    MULTIPLEXER_CONFIGURATION. Passwords are never shown.
    """
    console = make_console()
    if where is not None:
        if members or cache or path is not None:
            raise click.ClickException("--attach: an application is only looked at; leave out what asks for more")
        show_attached(where, console, every, lines, timeout)
        return
    if members:
        show_group(members, console, every, lines, timeout)
        return
    with connect(parse(configuration, timeout=timeout, connect_timeout=timeout)) as mux, ends_at_once():
        connected = mux.is_connected
        if cache and connected:
            mux.get_database(cached=True).ping()  # what is asked behind it tells whether servers are willing
        settle(mux)
        if path is not None:
            export(mux, path)
            click.echo(f"wrote {path}", err=True)
        if every is not None or lines or path is None:
            show(mux.get_status, partial(tables, watched=every is not None), console, every=every, lines=lines)
    if not connected:
        raise SystemExit(1)
