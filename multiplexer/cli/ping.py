"""``ping``: how long a command takes, there and back."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence

import click
from rich.table import Table

from ..blocking import Server
from ..errors import RedisError
from .common import connect, make_console, milliseconds, parse, reason, takes_configuration


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
    for number in range(count):
        if number and interval:
            time.sleep(interval)
        start = time.perf_counter()
        try:
            server.ping()
        except RedisError as error:
            return times, error
        times.append(time.perf_counter() - start)
    return times, None


@click.command()
@takes_configuration
@click.option("--count", "-c", default=10, show_default=True, type=click.IntRange(1), help="PINGs to send.")
@click.option(
    "--interval", "-i", default=0.1, show_default=True, type=click.FloatRange(0), help="Seconds between two PINGs."
)
@click.option(
    "--timeout",
    "-t",
    default=5.0,
    show_default=True,
    type=click.FloatRange(0, min_open=True),
    help="Seconds to wait for the connection, and for each reply.",
)
def ping(configuration: str, count: int, interval: float, timeout: float) -> None:
    """Measure the time from a PING to its reply.

    CONFIGURATION is a connection string or a URL, such as localhost:6379 or rediss://user:password@host/0; it may
    also stand in the environment variable MULTIPLEXER_CONFIGURATION, where other users do not see its password.
    """
    options = parse(configuration, timeout=timeout, connect_timeout=timeout, abort_connect=True, connect_retry=1)
    table = Table("server", "replies", "min", "median", "p99", "max", title=f"PING, {count} times")
    errors: list[str] = []
    with connect(options) as mux:
        for server in mux.get_servers():
            times, error = measure(server, count, interval)
            times.sort()
            shown = [milliseconds(percentile(times, percent)) for percent in (0, 50, 99, 100)] if times else ["-"] * 4
            table.add_row(server.endpoint, f"{len(times)} of {count}", *shown)
            if error is not None:
                errors.append(f"{server.endpoint}: {reason(error)}")
    make_console().print(table)
    if errors:
        raise click.ClickException("\n".join(errors))
