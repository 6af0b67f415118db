"""``ping``: how long a command takes, there and back."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click

from ..blocking import Server
from ..errors import RedisError
from .common import connect, ends_at_once, in_order, make_console, milliseconds, parse, reason, takes_configuration
from .tables import Column, FittedTable, address, number
from .watching import as_json

#: What is shown of the times, by the names ``bench`` and ``monitor`` have for it, and which percentile it is.
_SHOWN = {"min": 0, "p50": 50, "p99": 99, "max": 100}


def percentile(sorted_times: Sequence[float], percent: float) -> float:
    """Return the smallest time that at least ``percent`` of the times do not exceed."""
    rank = math.ceil(len(sorted_times) * percent / 100)
    return sorted_times[max(rank, 1) - 1]


def measure(server: Server[bytes], count: int, interval: float) -> tuple[list[float], RedisError | None]:
    """Send PINGs one after the other.

    Args:
        server: Whom to.
        count: How many.
        interval: Seconds to wait between two.

    Returns:
        The seconds each took, and the error that ended the row early, or None.
    """
    times: list[float] = []
    for done in range(count):
        if done and interval:
            time.sleep(interval)
        start = time.perf_counter()
        try:
            server.ping()
        except RedisError as error:
            return times, error
        times.append(time.perf_counter() - start)
    return times, None


def summary(server: Server[bytes], count: int, interval: float) -> dict[str, Any]:
    """Measure a server; return what is told of it as plain values, with times in seconds."""
    times, error = measure(server, count, interval)
    times.sort()
    found: dict[str, Any] = {"endpoint": server.endpoint, "sent": count, "replies": len(times)}
    for name, percent in _SHOWN.items():
        found[name] = percentile(times, percent) if times else None
    return {**found, "error": None if error is None else reason(error)}


def results_table(count: int, servers: Iterable[Mapping[str, Any]]) -> FittedTable:
    """Return the results, a row for each server."""
    table = FittedTable(
        f"PING, {count} times",
        address("server"),
        Column("replies"),
        number("min", 1, 8),
        number("median", 0, 8),
        number("p99", 0, 8),
        number("max", 0, 8),
    )
    for server in servers:
        times = ["-" if server[name] is None else milliseconds(server[name]) for name in _SHOWN]
        table.add_row(server["endpoint"], f"{server['replies']} of {server['sent']}", *times)
    return table


@click.command()
@takes_configuration
@click.option("--count", "-c", default=10, show_default=True, type=click.IntRange(1), help="PINGs to send.")
@click.option(
    "--interval", "-i", default=0.1, show_default=True, type=click.FloatRange(0), help="Seconds between two PINGs."
)
@click.option("--json", "lines", is_flag=True, help="Show JSON, with times in seconds.")
@click.option(
    "--timeout",
    "-t",
    default=5.0,
    show_default=True,
    type=click.FloatRange(0, min_open=True),
    help="Seconds to wait for the connection, and for each reply.",
)
def ping(configuration: str, count: int, interval: float, lines: bool, timeout: float) -> None:
    """Measure the time from a PING to its reply; the exit code is 1 where one was not answered.

    CONFIGURATION is a connection string or a URL, such as localhost:6379 or rediss://user:password@host/0; it may
    also stand in the environment variable MULTIPLEXER_CONFIGURATION, where other users do not see its password.
    """
    options = parse(configuration, timeout=timeout, connect_timeout=timeout, abort_connect=True, connect_retry=1)
    with connect(options) as mux, ends_at_once():
        endpoints = [server["endpoint"] for server in in_order(mux.get_status())]
        servers = [summary(mux.get_server(endpoint), count, interval) for endpoint in endpoints]
    if lines:
        click.echo(as_json({"servers": servers}, 2))
    else:
        make_console().print(results_table(count, servers))
    errors = [f"{server['endpoint']}: {server['error']}" for server in servers if server["error"] is not None]
    if errors:
        raise click.ClickException("\n".join(errors))
