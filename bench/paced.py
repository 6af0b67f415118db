"""Latency at a pace: requests come by a clock, whatever has become of those before.

Who waits for a reply before it asks again asks less while things are slow, and so hides how slow they are. Here a
request's time counts from when it was to begin, not from when somebody got round to it. Each client is given 20, 50 and
80 % of what it can do itself, which is measured first; every figure comes from a process of its own.

Usage::

    python -m bench.paced                                      # all clients, in some five minutes
    python -m bench.paced --clients multiplexer,redis-py --seconds 2
    python -m bench.paced --json FILE --plot docs/images/latency    # and two pictures of the name, light and dark
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from multiplexer.embedded import EmbeddedServer
from tests.servers import FaultProxy

from .clients import installed_version
from .loops import KEYS, VALUES
from .pace import LARGE_KEY, LARGE_SIZE, TASKS, THREADS
from .report import COLOURS
from .runner import ROOT

CLIENTS = ("redis-py", "coredis", "valkey-glide", "valkey-glide-sync", "multiplexer")
INKED = ("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color")
#: Of what a client can do.
LOADS = (0.2, 0.5, 0.8)
#: Milliseconds that everything takes longer each way, and how many requests a second there are then.
DELAYS, DELAYED_RATE = (1, 5), 1_000
#: Requests a second of which one in a hundred is for 1 MiB.
MIXED_RATE = 2_000


@dataclass(frozen=True)
class Figure:
    """What was measured of a client.

    Attributes:
        client: Its name.
        work: What kind of work.
        load: Which part of what it can do was asked of it, or None.
        rate: Requests a second.
        p50, p99, p999: Latencies, in milliseconds.
        client_cpu, server_cpu: Seconds of the processor for a million requests.
    """

    client: str
    work: str
    load: float | None
    rate: float
    p50: float
    p99: float
    p999: float
    client_cpu: float
    server_cpu: float


class PacedError(Exception):
    """A client failed; the message says how."""


def ask(client: str, world: str, port: int, pid: int, seconds: float, rate: float = 0, large: str = "") -> Any:
    """Measure in a process of its own.

    Args:
        client: The client's name.
        world: ``asyncio`` or ``blocking``.
        port: Where the server is, or what stands before it.
        pid: The server's process.
        seconds: How long.
        rate: Requests a second; 0 for as many as it can.
        large: Whether some are for a large value: ``among`` the others, or ``apart`` over another client.

    Raises:
        PacedError: It failed.
    """
    callers = THREADS if world == "blocking" else TASKS
    request = {"client": client, "world": world, "host": "127.0.0.1", "port": port, "pid": pid, "callers": callers}
    request |= {"seconds": seconds, "rate": rate, "large": large}
    done = subprocess.run(
        [sys.executable, "-m", "bench.pace"],
        cwd=ROOT,
        input=json.dumps(request) + "\n",
        capture_output=True,
        text=True,
        timeout=60 + 20 * seconds,
    )
    if done.returncode:
        raise PacedError(f"{client}: {done.stderr.strip().splitlines()[-1]}")
    return json.loads(done.stdout.splitlines()[-1])


def worlds(client: str) -> Iterator[str]:
    """Yield the worlds a client of the list is measured in."""
    if client != "valkey-glide-sync":
        yield "asyncio"
    if client not in ("valkey-glide", "coredis"):
        yield "blocking"


def measured(client: str, work: str, load: float | None, rate: float, told: Any) -> Figure:
    """Make a figure of what a process told."""
    p50, p99, p999 = (told[name] * 1e3 for name in ("p50", "p99", "p999"))
    return Figure(client, work, load, rate, p50, p99, p999, told["cpu"]["client"], told["cpu"]["server"])


def at_loads(client: str, server: EmbeddedServer, seconds: float) -> Iterator[Figure]:
    """Measure a client at a part of what it can do."""
    for world in worlds(client):
        can = ask(client, world, server.port, server.pid, seconds)["rate"]
        for load in LOADS:
            told = ask(client, world, server.port, server.pid, seconds, can * load)
            yield measured(client, "tasks" if world == "asyncio" else "64 threads", load, can * load, told)


def far_away(client: str, server: EmbeddedServer, seconds: float) -> Iterator[Figure]:
    """Measure a client whose server is far away."""
    if "asyncio" not in worlds(client):
        return
    for milliseconds in DELAYS:
        with delayed(server, milliseconds) as port:
            told = ask(client, "asyncio", port, server.pid, seconds, DELAYED_RATE)
        yield measured(client, f"tasks, {2 * milliseconds} ms away", None, DELAYED_RATE, told)


@contextmanager
def delayed(server: EmbeddedServer, milliseconds: float) -> Iterator[int]:
    """Put something before the server that takes its time in both directions; yield its port."""
    proxy = FaultProxy("127.0.0.1", server.port)
    try:
        proxy.delay(milliseconds / 1000)
        yield proxy.port
    finally:
        proxy.close()


def mixed(client: str, server: EmbeddedServer, seconds: float) -> Iterator[Figure]:
    """Measure small replies of which one in a hundred is large: on the way of all, and over another client."""
    if "asyncio" not in worlds(client):
        return
    for large, work in (("among", "1 % of 1 MiB among them"), ("apart", "1 % of 1 MiB apart")):
        told = ask(client, "asyncio", server.port, server.pid, seconds, MIXED_RATE, large)
        yield measured(client, f"tasks, {work}", None, MIXED_RATE, told)


def show(figures: list[Figure], console: Console) -> None:
    """Show the figures, those of one kind of work together."""
    table = Table("work", "client", "load", "a second", "p50", "p99", "p99.9", "client", "server")
    table.title = "Milliseconds from when a request was to begin; CPU seconds of a million"
    order = {figure.work: None for figure in figures}
    for place, work in enumerate(order):
        if place:
            table.add_section()
        for each in figures:
            if each.work == work:
                load = "" if each.load is None else f"{each.load:.0%}"
                latencies = [f"{value:.2f}" for value in (each.p50, each.p99, each.p999)]
                costs = [f"{each.client_cpu:.0f}", f"{each.server_cpu:.0f}"]
                table.add_row(work, each.client, load, f"{each.rate:,.0f}", *latencies, *costs)
    console.print(table)


def draw(path: str, figures: list[Figure]) -> None:
    """Draw the latencies of what was measured at several loads, on light ground and on dark."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    for ground, ink in (("light", "#333333"), ("dark", "#dddddd")):
        settings: Any = dict.fromkeys(INKED, ink)
        with pyplot.rc_context(settings):
            figure, axes = pyplot.subplots(1, 2, figsize=(11, 4), sharey=True)
            for axis, work in zip(axes, ("tasks", "64 threads"), strict=True):
                for client in dict.fromkeys(each.client for each in figures):
                    line = [each for each in figures if each.client == client and each.work == work and each.load]
                    if not line:
                        continue
                    colour = COLOURS.get(client.removesuffix("-sync"), ink)
                    rates = [each.rate / 1000 for each in line]
                    axis.plot(rates, [each.p50 for each in line], "o:", color=colour, linewidth=1, markersize=3)
                    axis.plot(rates, [each.p99 for each in line], "o-", color=colour, label=client)
                axis.set(xscale="log", yscale="log", xlabel=f"thousand requests a second, {work}")
                axis.set_xticks((1, 2, 5, 10, 20, 50, 100), labels=("1", "2", "5", "10", "20", "50", "100"))
                axis.minorticks_off()
                axis.spines[["top", "right"]].set_visible(False)
                axis.grid(color=ink, alpha=0.15)
                axis.legend(frameon=False, fontsize=8)
            axes[0].set_ylabel("milliseconds: p99, dotted p50")
            figure.tight_layout()
            figure.savefig(f"{path}-{ground}.png", dpi=110, transparent=True)
            pyplot.close(figure)


@click.command(help="Measure latency at a pace.")
@click.option("--clients", default=",".join(CLIENTS), show_default=True, help="Names, with commas between.")
@click.option("--seconds", default=3.0, show_default=True, help="How long each figure is measured.")
@click.option("--json", "file", type=click.Path(path_type=Path), help="Write the figures to this file.")
@click.option("--plot", help="Draw two pictures of this name.")
def main(clients: str, seconds: float, file: Path | None, plot: str | None) -> None:
    """Measure, and show what came of it."""
    names = clients.split(",")
    if unknown := [name for name in names if name not in CLIENTS]:
        raise click.BadParameter(f"{unknown[0]!r} is none of {', '.join(CLIENTS)}", param_hint="--clients")
    console = Console() if sys.stdout.isatty() else Console(width=120)
    figures: list[Figure] = []
    with EmbeddedServer.start() as server:
        for key, value in zip(KEYS, VALUES, strict=True):
            server.command("SET", key, value)
        server.command("SET", LARGE_KEY, "x" * LARGE_SIZE)
        for client in names:
            if installed_version(client) is None:
                console.print(f"{client} is not installed")
                continue
            for way in (at_loads, far_away, mixed):
                try:
                    for figure in way(client, server, seconds):
                        figures.append(figure)
                        console.print(f"{figure.client}, {figure.work}: {figure.p50:.2f} ms, {figure.p99:.2f} ms")
                except PacedError as error:
                    console.print(str(error))
    show(figures, console)
    if file is not None:
        file.write_text(json.dumps([asdict(figure) for figure in figures], indent=2) + "\n")
    if plot is not None:
        draw(plot, figures)


if __name__ == "__main__":
    main()
