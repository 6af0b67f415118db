#!/usr/bin/env python3
"""Compare the multiplexer with other clients, and with the limit: the same work, side by side, in one run.

Usage: ``python bench/compare.py [--quick] [--workloads 'threads-*'] [--clients 'redis-py,multiplexer,bare']``
"""

from __future__ import annotations

import os
import platform
import sys
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

if not __package__:  # run as a file: its siblings are imported by the name of their package
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from bench.clients import ADAPTERS, installed_version
from bench.loops import Workload
from bench.report import draw_plot, read_json, show, write_json
from bench.runner import ROOT, Results, Runner, import_times
from bench.workloads import IMPORT, WORKLOADS
from multiplexer.embedded import EmbeddedServer

PLOT = ROOT / "docs" / "images" / "throughput.png"
JSON = ROOT / "docs" / "images" / "throughput.json"
QUICK_ROUNDS, QUICK_SECONDS = 3, 0.2


def matching(names: list[str], patterns: str, option: str) -> list[str]:
    """Return the names that match one of several glob patterns with commas between.

    Raises:
        click.BadParameter: A pattern matches nothing.
    """
    wanted = [pattern.strip() for pattern in patterns.split(",")]
    for pattern in wanted:
        if not any(fnmatchcase(name, pattern) for name in names):
            raise click.BadParameter(f"{pattern!r} matches none of {', '.join(names)}", param_hint=option)
    return [name for name in names if any(fnmatchcase(name, pattern) for pattern in wanted)]


def measure(
    names: list[str], clients: list[str], rounds: int, seconds: float, server: EmbeddedServer, console: Console
) -> Results:
    """Run the workloads and show the progress."""
    workloads: list[Workload] = [workload for workload in WORKLOADS if workload.name in names]
    results: Results = {}
    layout = (
        TextColumn("{task.description:45.45}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*layout, console=console, transient=True) as progress:
        bar = progress.add_task("starting")

        def step(description: str) -> None:
            progress.update(bar, description=description, advance=1)

        runner = Runner(server, clients, rounds, seconds, step)
        imports = rounds + 1 if IMPORT in names else 0
        progress.update(bar, total=sum(map(runner.steps, workloads)) + imports)
        try:
            for workload in workloads:
                results[workload.name] = runner.run(workload)
        finally:
            runner.close()
        if imports:
            results[IMPORT] = import_times(clients, rounds, step)
    return results


def describe(clients: list[str], rounds: int, seconds: float, server: EmbeddedServer) -> dict[str, Any]:
    """Return what a reader of the results must know."""
    info = server.info("server")
    kind = info.get("server_name", "redis")
    return {
        "clients": {client: installed_version(client) for client in clients if client != "bare"},
        "machine": f"{os.cpu_count()} CPUs, {platform.system()} {platform.machine()}, "
        f"{platform.python_implementation()} {platform.python_version()}",
        "rounds": rounds,
        "seconds": seconds,
        "server": f"{kind} {info.get(f'{kind}_version', '')} on loopback",
    }


@click.command(help=__doc__)
@click.option("--rounds", type=click.IntRange(1), default=7, show_default=True, help="Measurements per client.")
@click.option("--seconds", type=click.FloatRange(0.05), default=0.7, show_default=True, help="Length of each.")
@click.option("--quick", is_flag=True, help=f"{QUICK_ROUNDS} rounds of {QUICK_SECONDS} s: rough figures.")
@click.option("--workloads", default="*", show_default=True, help="Glob patterns with commas between.")
@click.option("--clients", default="*", show_default=True, help="Glob patterns with commas between.")
@click.option("--json", "json_path", type=click.Path(path_type=Path), help=f"Result file [{JSON.relative_to(ROOT)}].")
@click.option("--plot", type=click.Path(path_type=Path), help=f"Plot file [{PLOT.relative_to(ROOT)}].")
@click.option("--no-plot", is_flag=True, help="Draw nothing.")
@click.option("--show", "shown", type=click.Path(path_type=Path, exists=True), help="Show a result file, run nothing.")
@click.option("--list", "listing", is_flag=True, help="List the workloads and clients.")
def main(
    rounds: int,
    seconds: float,
    quick: bool,
    workloads: str,
    clients: str,
    json_path: Path | None,
    plot: Path | None,
    no_plot: bool,
    shown: Path | None,
    listing: bool,
) -> None:
    """Entry point."""
    console = Console(width=None if sys.stdout.isatty() else 170)
    all_workloads = [*(workload.name for workload in WORKLOADS), IMPORT]
    if listing:
        console.print("workloads:", ", ".join(all_workloads))
        console.print("clients:  ", ", ".join(ADAPTERS))
        return
    whole = workloads == clients == "*" and not quick
    if shown is not None:
        results, about = read_json(shown)
        missing: list[str] = about["missing"]
    else:
        names = matching(all_workloads, workloads, "--workloads")
        wanted = matching(list(ADAPTERS), clients, "--clients")
        missing = [client for client in wanted if installed_version(client) is None]
        present = [client for client in wanted if client not in missing]
        rounds, seconds = (QUICK_ROUNDS, QUICK_SECONDS) if quick else (rounds, seconds)
        with EmbeddedServer.start() as server:
            about = describe(present, rounds, seconds, server) | {"missing": missing}
            results = measure(names, present, rounds, seconds, server, console)
        # Part of a run must not replace the published results unless a file is named.
        if json_path is not None or whole:
            write_json(json_path or JSON, results, about)
    notes = [f"not installed: {client}" for client in missing]
    show(results, notes, console)
    if not no_plot and (plot is not None or (whole and shown is None)):
        draw_plot(plot or PLOT, results, about)


if __name__ == "__main__":
    main()
