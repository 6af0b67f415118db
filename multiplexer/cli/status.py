"""``status``: what the multiplexer knows of its servers, as tables, JSON, or a zip for a support ticket."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from .. import ConnectionMultiplexer
from .common import connect, count, make_console, milliseconds, parse, size, takes_configuration

Status = Mapping[str, Any]

_STATE_STYLES = {"established": "green", "disconnected": "red", "closed": "red"}
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


def servers_table(status: Status) -> Table:
    """Return what is known of each server."""
    table = Table("endpoint", "role", "server", "mode", "RESP", "databases", "run id", title="Servers")
    for server in status["servers"]:
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


def bridges(status: Status) -> Iterator[tuple[str, Status]]:
    """Yield every server's bridges, each with the server's endpoint."""
    for server in status["servers"]:
        for kind in ("interactive", "subscription"):
            if server[kind] is not None:
                yield server["endpoint"], server[kind]


def bridges_table(status: Status) -> Table:
    """Return the state of every connection."""
    table = Table("endpoint", "connection", "state", "client id", "attempts", "last error", title="Connections")
    for endpoint, bridge in bridges(status):
        state = bridge["state"]
        table.add_row(
            endpoint,
            bridge["connection_type"],
            Text(state, style=_STATE_STYLES.get(state, "yellow")),
            str(bridge["client_id"] or ""),
            str(bridge["attempts"]),
            Text(bridge["last_error"] or ""),
        )
    return table


def counters_table(status: Status) -> Table:
    """Return every connection's counters, a column each."""
    table = Table("counter", title="Counters")
    rows = [[name] for name, _ in _COUNTED] + [[name] for name in ("out", "in", "p50", "p90", "p99")]
    for endpoint, bridge in bridges(status):
        table.add_column(f"{endpoint}\n{bridge['connection_type']}", justify="right")
        cells = [count(bridge[key]) for _, key in _COUNTED]
        cells += [size(bridge["bytes_sent"]), size(bridge["bytes_received"])]
        cells += [milliseconds(bridge["latency"][key]) for key in ("p50", "p90", "p99")]
        for row, cell in zip(rows, cells, strict=True):
            row.append(cell)
    for row in rows:
        table.add_row(*row)
    return table


def tables(status: Status) -> RenderableType:
    """Return everything, for a console."""
    parts: list[RenderableType] = [
        f"multiplexer {status['version']}, configured as {status['configuration']}",
        servers_table(status),
        bridges_table(status),
        counters_table(status),
    ]
    if status["storm_log"]:
        parts.append(Text(f"Storm log:\n{status['storm_log']}"))
    return Group(*parts)


def as_json(status: Status, indent: int | None) -> str:
    """Return the status as JSON."""
    return json.dumps(status, indent=indent, default=str)


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


def watch(mux: ConnectionMultiplexer, seconds: float, lines: bool, console: Console) -> None:
    """Show the status again and again, until Ctrl-C."""
    if lines or not console.is_terminal:
        while True:
            status = mux.get_status()
            if lines:
                click.echo(as_json(status, None))
            else:
                console.print(tables(status))
            time.sleep(seconds)
    with Live(tables(mux.get_status()), console=console, screen=True, auto_refresh=False) as live:
        while True:
            time.sleep(seconds)
            live.update(tables(mux.get_status()), refresh=True)


@click.command()
@takes_configuration
@click.option(
    "--watch", "-w", "every", type=click.FloatRange(0, min_open=True), help="Show it again every so many seconds."
)
@click.option("--json", "lines", is_flag=True, help="Show JSON; with --watch one line each time.")
@click.option(
    "--export",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write INFO, CONFIG GET, CLIENT LIST and CLUSTER NODES of every server to this zip file.",
)
@click.option("--timeout", "-t", default=5.0, show_default=True, type=click.FloatRange(0, min_open=True))
def status(configuration: str, every: float | None, lines: bool, path: Path | None, timeout: float) -> None:
    """Show servers, connections and counters; the exit code is 1 where no server is connected.

    CONFIGURATION is a connection string or a URL; it may also stand in the environment variable
    MULTIPLEXER_CONFIGURATION. Passwords are never shown.
    """
    console = make_console()
    with connect(parse(configuration, timeout=timeout, connect_timeout=timeout)) as mux:
        connected = mux.is_connected
        try:
            if path is not None:
                export(mux, path)
                click.echo(f"wrote {path}", err=True)
            if every is not None:
                watch(mux, every, lines, console)
            elif lines:
                click.echo(as_json(mux.get_status(), 2))
            elif path is None:
                console.print(tables(mux.get_status()))
        except KeyboardInterrupt:
            return
    if not connected:
        raise SystemExit(1)
