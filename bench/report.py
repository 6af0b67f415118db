"""What becomes of the results: a table with ratios and targets, a JSON file, a plot."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from .clients import ADAPTERS, FAMILIES
from .loops import Workload
from .runner import Cell, Results
from .targets import BASES, FACADE_TARGETS, LIMITS, TARGETS
from .workloads import IMPORT, WORKLOADS

OURS = "multiplexer"
TITLES = {workload.name: workload.title for workload in WORKLOADS} | {IMPORT: "import time"}
UNITS = {workload.name: workload.unit for workload in WORKLOADS} | {IMPORT: "ms"}
THROUGHPUT = frozenset(TARGETS)

Medians = dict[str, dict[str, float]]
"""By workload and family: what is known."""


def family(client: str) -> str:
    """Return the column of a client."""
    return FAMILIES.get(client, client)


def medians(results: Results) -> Medians:
    """Return the medians that there are."""
    return {
        workload: {family(client): cell.median for client, cell in cells.items() if cell.median is not None}
        for workload, cells in results.items()
    }


# --- ratios and targets


Ratio = tuple[float | None, float | None]
"""A ratio, or None where a figure is missing, and its target, or None where there is none."""

RATIOS = {
    "redis-py": "x redis-py",
    "valkey-glide": "x glide",
    "bare": "of bare",
    "base": "of its base",
    "least": "of the least",
}
"""To what, and how that is called in the table."""


def ratio(ours: float | None, other: float | None) -> float | None:
    """Return how many times another throughput is ours, or None where one is missing."""
    return None if ours is None or not other else ours / other


def ratios(workload: str, known: Medians) -> dict[str, Ratio]:
    """Return our ratios in the order of :data:`RATIOS`, each with its target."""
    target, values = TARGETS[workload], known[workload]
    others = [values.get(other) for other in ("redis-py", "valkey-glide", "bare")]
    others += [known.get(BASES.get(workload, ""), {}).get(OURS), target.least]
    redis, glide, *_ = others
    counts = not target.glide_if_last or redis is None or glide is None or glide < redis
    targets = (
        target.redis,
        target.glide if counts else None,
        target.bare,
        target.ours,
        None if target.least is None else 1.0,
    )
    found = (ratio(values.get(OURS), other) for other in others)
    return dict(zip(RATIOS, zip(found, targets, strict=True), strict=True))


def met(workload: str, known: Medians) -> bool | None:
    """Return whether we reach every target of a workload; None where one cannot be told."""
    if workload in LIMITS:
        values = known[workload]
        return None if OURS not in values else round(values[OURS], 1) <= LIMITS[workload]
    pairs = ratios(workload, known).values()
    reached = [None if value is None else round(value, 2) >= target for value, target in pairs if target is not None]
    if False in reached:
        return False
    return None if None in reached else True


# --- table


def number(value: float) -> str:
    """Write a result with the digits that mean something."""
    if value >= 10_000:
        return f"{value / 1_000:.0f}k" if value >= 100_000 else f"{value / 1_000:.1f}k"
    return f"{value:.0f}" if value >= 10 else f"{value:.2f}"


def columns(results: Results) -> list[str]:
    """Return the families that took part, in the order of the report."""
    present = {family(client) for cells in results.values() for client in cells}
    return [client for client in dict.fromkeys(map(family, ADAPTERS)) if client in present]


def by_family(cells: Mapping[str, Cell]) -> dict[str, Cell]:
    """Return the cells of a workload under the names of the columns."""
    return {family(client): cell for client, cell in cells.items()}


def cell_text(cell: Cell | None) -> str:
    """Write one result."""
    if cell is None:
        return "-"
    if cell.error is not None:
        return "[red]failed[/]"
    return "-" if cell.median is None else number(cell.median)


def ratio_text(value: float | None, target: float | None) -> str:
    """Write a ratio and its target, in the colour of success or failure."""
    if target is None:
        return "-" if value is None else f"{value:.2f}"
    if value is None:
        return f"[dim]? / {target:g}[/]"
    colour = "green" if round(value, 2) >= target else "red"
    return f"[{colour}]{value:.2f}[/] / {target:g}"


def met_text(reached: bool | None) -> str:
    """Write whether a target is met."""
    return {True: "[green]yes[/]", False: "[red]no[/]", None: "?"}[reached]


def throughput_table(results: Results) -> Table:
    """Return the results by workload and client, with our ratios, the targets and whether they are met."""
    clients = columns(results)
    table = Table(title="Throughput, medians; ratios of multiplexer / target")
    table.add_column("workload")
    for client in clients:
        table.add_column(client, justify="right", style="bold" if client == OURS else None)
    known = medians(results)
    rows = {workload: ratios(workload, known) for workload in known if workload in THROUGHPUT}
    shown = [other for other in RATIOS if any(row[other] != (None, None) for row in rows.values())]
    for heading in [*(RATIOS[other] for other in shown), "met"]:
        table.add_column(heading, justify="right")
    for workload, cells in results.items():
        if workload not in rows:
            continue
        row = by_family(cells)
        table.add_row(
            f"{TITLES[workload]} [dim]{UNITS[workload]}[/]",
            *(cell_text(row.get(client)) for client in clients),
            *(ratio_text(*rows[workload][other]) for other in shown),
            met_text(met(workload, known)),
        )
    return table


def facade_table(results: Results) -> Table:
    """Return how the façade compares with the client whose names it has."""
    table = Table(title="The façade: ratios to redis-py / target")
    table.add_column("workload")
    for client in FACADE_TARGETS:
        table.add_column(client, justify="right")
    for workload, values in medians(results).items():
        if workload in THROUGHPUT and values.get("redis-py") and FACADE_TARGETS.keys() & values.keys():
            texts = [facade_text(values, client, FACADE_TARGETS[client].get(workload)) for client in FACADE_TARGETS]
            table.add_row(TITLES[workload], *texts)
    return table


def facade_text(values: Mapping[str, float], client: str, target: float | None) -> str:
    """Write one ratio of the façade."""
    return "-" if client not in values else ratio_text(values[client] / values["redis-py"], target)


def cost_table(results: Results) -> Table:
    """Return what is better small: memory, wake-ups, import time, sockets."""
    clients = columns(results)
    table = Table(title="Costs")
    table.add_column("what")
    for client in clients:
        table.add_column(client, justify="right", style="bold" if client == OURS else None)
    table.add_column("limit", justify="right")
    table.add_column("met", justify="right")
    for workload, cells in results.items():
        row = by_family(cells)
        if workload in LIMITS:
            texts = [cell_text(row.get(client)) for client in clients]
            reached = met_text(met(workload, medians(results)))
            table.add_row(f"{TITLES[workload]} [dim]{UNITS[workload]}[/]", *texts, f"{LIMITS[workload]:g}", reached)
        if any(cell.sockets is not None for cell in cells.values()):
            counts = [row[client].sockets if client in row else None for client in clients]
            texts = ["-" if count is None else str(count) for count in counts]
            table.add_row(f"sockets, {TITLES[workload].removeprefix('GET, ')}", *texts, "", "")
    return table


def failures(results: Results) -> Iterable[str]:
    """Yield a line for every client that failed in a workload."""
    for workload, cells in results.items():
        for client, cell in cells.items():
            if cell.error is not None:
                yield f"{client} failed in {TITLES[workload]}: {cell.error}"


def show(results: Results, notes: Iterable[str], console: Console) -> None:
    """Print everything."""
    if THROUGHPUT & results.keys():
        console.print(throughput_table(results))
        if any(FACADE_TARGETS.keys() & cells.keys() for cells in results.values()):
            console.print(facade_table(results))
    if results.keys() - THROUGHPUT or any(cell.sockets for cells in results.values() for cell in cells.values()):
        console.print(cost_table(results))
    for line in failures(results):
        console.print(line, style="red", markup=False)
    for line in notes:
        console.print(line, style="dim", markup=False)


# --- JSON


def write_json(path: Path, results: Results, about: Mapping[str, Any]) -> None:
    """Write all samples, and ``about``: versions, rounds, machine."""
    known = medians(results)
    content = {
        "about": dict(about),
        "results": {
            workload: {client: asdict(cell) | {"median": cell.median} for client, cell in cells.items()}
            for workload, cells in results.items()
        },
        "ratios": {
            workload: {**ratios(workload, known), "met": met(workload, known)}
            for workload in known
            if workload in THROUGHPUT
        },
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1) + "\n")


def read_json(path: Path) -> tuple[Results, dict[str, Any]]:
    """Return the results and the ``about`` of a file written by :func:`write_json`."""
    content = json.loads(path.read_text())
    results = {
        workload: {
            client: Cell(samples=cell["samples"], error=cell["error"], sockets=cell["sockets"])
            for client, cell in cells.items()
        }
        for workload, cells in content["results"].items()
    }
    return results, content["about"]


# --- plot

COLOURS = {
    "redis-py": "#b9c4d0",
    "valkey-py": "#93a3b5",
    "coredis": "#6f8299",
    "valkey-glide": "#4a5d75",
    OURS: "#d8402f",
    "bare": "#ffffff",
}
PANELS = {
    "threads": ("threads-1", "threads-4", "threads-16", "threads-64"),
    "asyncio tasks": ("tasks-1", "tasks-16", "tasks-256", "gather"),
    "batch of 10,000": ("batch", "batch-async"),
    "SET+GET of 4 MiB": ("large", "large-async"),
}
LABELS = {"gather": "gather(1000)", "batch": "blocking", "large": "blocking"} | dict.fromkeys(
    ("batch-async", "large-async"), "asyncio"
)


def label(workload: Workload) -> str:
    """Return what stands under a group of bars."""
    return LABELS.get(workload.name, str(workload.callers))


def draw_plot(path: Path, results: Results, about: Mapping[str, Any]) -> None:
    """Draw the throughput as groups of bars, a panel for each kind of work."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    values = medians(results)
    clients = columns(results)
    figure, axes = pyplot.subplots(2, 2, figsize=(11, 6.6))
    for axis, (title, names) in zip(axes.flat, PANELS.items(), strict=True):
        workloads = [workload for workload in WORKLOADS if workload.name in names and workload.name in values]
        if not workloads:
            axis.set_visible(False)
            continue
        draw_panel(axis, workloads, clients, values)
        unit = workloads[0].unit
        scale = "1,000 GETs a second" if unit == "ops/s" else unit.replace("/s", " a second")
        axis.set_title(f"{title}: {scale}", fontsize=10, loc="left", fontweight="bold")
    handles = {
        text: handle for axis in axes.flat for handle, text in zip(*axis.get_legend_handles_labels(), strict=True)
    }
    order = [client for client in clients if client in handles]
    legend = ["bare loop, the limit" if client == "bare" else client for client in order]
    figure.legend([handles[client] for client in order], legend, loc="upper center", ncols=len(order), frameon=False)
    figure.text(0.5, 0.005, caption(about), ha="center", va="bottom", fontsize=7, color="#666666")
    figure.tight_layout(rect=(0, 0.025, 1, 0.95))
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)
    pyplot.close(figure)


def draw_panel(axis: Any, workloads: list[Workload], clients: list[str], values: Medians) -> None:
    """Draw the bars of one panel; ours carry their value."""
    width = 0.84 / max(len(clients), 1)
    for place, client in enumerate(clients):
        points = [
            (group + (place - (len(clients) - 1) / 2) * width, values[workload.name][client] / divisor(workload))
            for group, workload in enumerate(workloads)
            if client in values[workload.name]
        ]
        if not points:
            continue
        edge = {"edgecolor": "#8a8a8a", "linestyle": "--", "linewidth": 0.8} if client == "bare" else {}
        bars = axis.bar(*zip(*points, strict=True), width * 0.94, color=COLOURS[client], label=client, **edge)
        if client == OURS:
            axis.bar_label(bars, fmt=lambda height: f"{height:,.0f}", fontsize=7, color=COLOURS[OURS], padding=1)
    axis.set_xticks(range(len(workloads)), [label(workload) for workload in workloads])
    axis.tick_params(labelsize=8, length=0)
    axis.spines[["top", "right", "left"]].set_visible(False)
    axis.grid(axis="y", color="#e6e6e6", linewidth=0.6)
    axis.set_axisbelow(True)


def divisor(workload: Workload) -> int:
    """Return what results are divided by in the plot."""
    return 1_000 if workload.unit == "ops/s" else 1


def caption(about: Mapping[str, Any]) -> str:
    """Say under the plot what was measured with what."""
    versions = ", ".join(f"{client} {version}" for client, version in about.get("clients", {}).items())
    return f"Medians of {about.get('rounds')} rounds; {about.get('machine')}; {about.get('server')}; {versions}"
