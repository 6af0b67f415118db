"""``bench``: load from many callers over one multiplexer, as a table, JSON and a plot."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn

from .. import ConfigurationOptions
from ..errors import RedisError
from .common import connect, count, make_console, milliseconds, parse, reason, size, takes_configuration
from .generator import Generator, Latencies, Load, Tasks, Threads
from .tables import Column, FittedTable, number
from .watching import as_json

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_PREFIX = "multiplexer:bench:"
#: Points of the plot: not more than so many, and seconds between two at least.
_MOST_POINTS, _LEAST_STEP = 200, 0.1
_PERCENTILES = (50, 90, 99, 99.9)
#: Points of the curve over percentiles: for each further nine so many, and nines at most.
_FOR_EACH_NINE, _MOST_NINES = 8, 4
_TICKS = (50, 90, 99, 99.9, 99.99)
#: What is drawn over time, and how.
_STYLES = {"p50": "-", "p99": ":"}


class Point:
    """What happened in a short while of a run."""

    __slots__ = ("p50", "p99", "rate", "seconds")

    def __init__(self, seconds: float, rate: float, latencies: Latencies) -> None:
        self.seconds = seconds
        self.rate = rate
        self.p50 = latencies.percentile(50)
        self.p99 = latencies.percentile(99)

    def as_dict(self) -> dict[str, float]:
        """Return it as plain values."""
        return {"seconds": self.seconds, "operations_per_second": self.rate, "p50": self.p50, "p99": self.p99}


class Run:
    """One run of one kind of callers."""

    def __init__(self, generator: Generator, seconds: float, progress: Progress) -> None:
        self.generator = generator
        self.points: list[Point] = []
        self.took = 0.0
        self._seconds = seconds
        self._progress = progress

    def go(self) -> None:
        """Let the callers work for the time.

        Raises:
            RedisError: There was no connection.
        """
        task = self._progress.add_task(self.generator.title, total=self._seconds)
        try:
            self.generator.start()
            self._watch(task)
        except KeyboardInterrupt:
            self.generator.stop()
            self.generator.close()  # leave nothing behind
            raise

    def _watch(self, task: TaskID) -> None:
        start = before = time.perf_counter()
        seen = Latencies()
        step = max(self._seconds / _MOST_POINTS, _LEAST_STEP)
        while before - start < self._seconds:
            time.sleep(min(step, max(start + self._seconds - before, 0)))
            now = time.perf_counter()
            latencies = self._latencies()
            self._note(now - start, now - before, latencies.since(seen))
            seen, before = latencies, now
            self._progress.update(task, completed=min(now - start, self._seconds))
        self.generator.stop()
        self.took = time.perf_counter() - start

    def _latencies(self) -> Latencies:
        return Latencies.of((self.generator.reads, self.generator.writes))

    def _note(self, at: float, passed: float, latencies: Latencies) -> None:
        self.points.append(Point(at, latencies.count / passed, latencies))

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain values."""
        total = self._latencies()
        return {
            "callers": self.generator.title,
            "seconds": self.took,
            "operations": total.count,
            "operations_per_second": total.count / self.took,
            "failed": self.generator.failed,
            "errors": self.generator.errors,
            "latency": {"reads": _summary(self.generator.reads), "writes": _summary(self.generator.writes)},
            "percentiles": _curve(total),
            "timeline": [point.as_dict() for point in self.points],
        }


def _summary(latencies: Latencies) -> dict[str, float]:
    return {
        "count": latencies.count,
        **{f"p{percent:g}": latencies.percentile(percent) for percent in _PERCENTILES},
        "max": latencies.highest,
    }


def _curve(latencies: Latencies) -> list[dict[str, float]]:
    """Return the times by percentile, from the median to what at least ten calls took as long as."""
    most = min(_MOST_NINES, math.log10(max(latencies.count, 1) / 10))
    steps = range(int((most - _nines(50)) * _FOR_EACH_NINE) + 1)
    percents = [100 - 50 / 10 ** (step / _FOR_EACH_NINE) for step in steps]
    return [{"percent": percent, "seconds": latencies.percentile(percent)} for percent in percents]


def results_table(load: Load, runs: Sequence[Mapping[str, Any]]) -> FittedTable:
    """Return the results, a row for each run's reads and writes."""
    # Throughput, the usual latency and the bad one stay longest.
    ranks = dict(zip(_PERCENTILES, (0, 3, 0, 1), strict=True))
    table = FittedTable(
        _title(load),
        Column("callers"),
        Column(""),
        number("operations", 4),
        number("per second"),
        *(number(f"p{percent:g}", ranks[percent]) for percent in _PERCENTILES),
        number("max", 2),
    )
    for run in runs:
        for name, latency in run["latency"].items():
            if not latency["count"]:
                continue
            times = [milliseconds(latency[f"p{percent:g}"]) for percent in _PERCENTILES]
            rate = f"{latency['count'] / run['seconds']:,.0f}"
            table.add_row(run["callers"], name, count(latency["count"]), rate, *times, milliseconds(latency["max"]))
    return table


def _title(load: Load) -> str:
    return f"{load.reads:.0%} {'cached ' * load.cached}reads, values of {size(load.size)}, {count(load.keys)} keys"


def plot(path: Path, load: Load, runs: Sequence[Mapping[str, Any]]) -> None:
    """Draw throughput and latency over time, and latency by percentile.

    Raises:
        click.ClickException: The file cannot be written.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 7), layout="constrained")
    axes = figure.subplot_mosaic([["throughput", "throughput"], ["time", "percentiles"]])
    throughput, time_, percentiles = axes["throughput"], axes["time"], axes["percentiles"]
    percentiles.sharey(time_)
    lines = []
    for run in runs:
        timeline = run["timeline"]
        seconds = [point["seconds"] for point in timeline]
        lines += throughput.plot(seconds, [point["operations_per_second"] for point in timeline], label=run["callers"])
        color = lines[-1].get_color()
        for name, style in _STYLES.items():
            times = [point[name] * 1e3 or math.nan for point in timeline]  # where nothing was answered, there is a gap
            time_.plot(seconds, times, style, color=color)
        nines = [_nines(each["percent"]) for each in run["percentiles"]]
        percentiles.plot(nines, [each["seconds"] * 1e3 for each in run["percentiles"]], color=color)
    figure.suptitle(_title(load), x=0.01, horizontalalignment="left")
    # Legends stand outside of the axes, where there are no lines.
    figure.legend(handles=lines, loc="outside upper right", ncols=len(lines), frameon=False)
    for name, style in _STYLES.items():
        time_.plot([], [], style, color="gray", label=name)
    time_.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=len(_STYLES), frameon=False)
    _label(throughput, "Throughput", "seconds", "operations per second")
    _label(time_, "Latency over time", "seconds", "ms")
    _label(percentiles, "Latency by percentile", "percentile", "ms")
    throughput.set_ylim(bottom=0)
    throughput.yaxis.set_major_formatter("{x:,.0f}")
    time_.set_yscale("log", subs=[2, 5])
    for formatted in (time_.yaxis.set_major_formatter, time_.yaxis.set_minor_formatter):
        formatted("{x:g}")
    percentiles.set_xticks([_nines(percent) for percent in _TICKS], [f"{percent:g}" for percent in _TICKS])
    try:
        figure.savefig(path, dpi=120)
    except (OSError, ValueError) as error:
        raise click.ClickException(f"{path}: {error}") from None


def _label(axes: Axes, title: str, below: str, left: str) -> None:
    axes.set_title(title, loc="left", fontsize="medium")
    axes.set_xlabel(below)
    axes.set_ylabel(left)
    axes.grid(alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)


def _nines(percent: float) -> float:
    """Return how many nines a percentile has, so that what is rare gets as much room as what is usual."""
    return -math.log10(1 - percent / 100)


def _require_matplotlib() -> None:
    try:
        import matplotlib  # noqa: F401 -- only whether it is there
    except ImportError as error:
        raise click.ClickException(f'a plot needs {error.name}: pip install "redis-multiplexer[plot]"') from None


def run_all(options: ConfigurationOptions, loads: Sequence[tuple[type, Load]], seconds: float) -> list[dict[str, Any]]:
    """Run each load after the other; return the results.

    Raises:
        RedisError: There was no connection.
    """
    results = []
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    quiet = not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=quiet) as progress, ExitStack() as stack:
        for kind, load in loads:
            if kind is Threads:
                generator: Generator = Threads(stack.enter_context(connect(options)), load)
            else:
                generator = Tasks(options, load)
            run = Run(generator, seconds, progress)
            run.go()
            results.append(run.as_dict())
            generator.close()
    return results


@click.command()
@takes_configuration
@click.option("--threads", "-T", default=8, show_default=True, type=click.IntRange(0), help="Threads at the same time.")
@click.option("--tasks", "-a", default=64, show_default=True, type=click.IntRange(0), help="asyncio tasks, after them.")
@click.option("--size", "-d", "length", default=64, show_default=True, type=click.IntRange(0), help="Bytes of a value.")
@click.option("--keys", "-k", default=1000, show_default=True, type=click.IntRange(1), help="Keys used.")
@click.option("--reads", "-r", default=80.0, show_default=True, type=click.FloatRange(0, 100), help="Percent of GET.")
@click.option(
    "--seconds", "-s", default=5.0, show_default=True, type=click.FloatRange(0.1, 3600), help="For each kind."
)
@click.option("--cached", is_flag=True, help="Keep what is read in this process until it changes.")
@click.option("--json", "lines", is_flag=True, help="Write JSON, with a timeline, instead of a table.")
@click.option("--plot", "path", type=click.Path(dir_okay=False, path_type=Path), help="Draw to this PNG (extra plot).")
@click.option("--timeout", "-t", default=5.0, show_default=True, type=click.FloatRange(0, min_open=True))
def bench(
    configuration: str,
    threads: int,
    tasks: int,
    length: int,
    keys: int,
    reads: float,
    seconds: float,
    cached: bool,
    lines: bool,
    path: Path | None,
    timeout: float,
) -> None:
    """Measure throughput and latency of GET and SET from many callers who share a connection.

    Threads come first and then tasks; 0 leaves one out. The keys begin with "multiplexer:bench:" and are deleted in
    the end. The load runs in this one process, so what is measured is the client as much as the server.

    CONFIGURATION is a connection string or a URL; it may also stand in the environment variable
    MULTIPLEXER_CONFIGURATION. The exit code is 1 where a call failed.
    """
    if not threads and not tasks:
        raise click.UsageError("neither threads nor tasks: there is nobody to call")
    if path is not None:
        _require_matplotlib()
    options = parse(configuration, timeout=timeout, connect_timeout=timeout, abort_connect=True, connect_retry=1)
    loads = [
        (kind, Load(callers, length, keys, reads / 100, _PREFIX, cached))
        for kind, callers in ((Threads, threads), (Tasks, tasks))
        if callers
    ]
    try:
        runs = run_all(options, loads, seconds)
    except RedisError as error:
        raise click.ClickException(reason(error)) from None
    _show(loads[0][1], runs, lines)
    if path is not None:
        plot(path, loads[0][1], runs)
        click.echo(f"wrote {path}", err=True)
    if any(run["failed"] for run in runs):
        raise SystemExit(1)


def _show(load: Load, runs: Sequence[Mapping[str, Any]], lines: bool) -> None:
    if lines:
        click.echo(
            as_json({"size": load.size, "keys": load.keys, "reads": load.reads, "cached": load.cached, "runs": runs}, 2)
        )
        return
    make_console().print(results_table(load, runs))
    for run in runs:
        if run["failed"]:
            click.echo(f"{run['callers']}: {count(run['failed'])} calls failed", err=True)
            for error in run["errors"]:
                click.echo(f"  {error}", err=True)
