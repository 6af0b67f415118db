"""Compare the multiplexer of two checkouts: the same work, in turn, in one run.

Whether a change costs something shows only so: what the machine does besides changes by more from run to run.

Two processes of the same code may differ by seven in a hundred for as long as they live, by where things lie in memory.
``--processes 16`` starts that many pairs of them, one after the other, and shows the mean of what each pair says and
its standard error.

Usage: ``python -m bench.paired ../before [--rounds 15] [--seconds 0.4] [--processes 1] [--workloads 'threads-*']``,
where the folder has a checkout of what was there before (``git worktree add ../before REVISION``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import sqrt
from pathlib import Path
from statistics import mean, median, stdev

import click
from rich.console import Console
from rich.table import Table

from multiplexer.embedded import EmbeddedServer

from .clients import Adapter, load
from .compare import matching
from .loops import Workload
from .runner import ROOT, Cell, Runner, WorkerProcess
from .workloads import WORKLOADS

BEFORE, AFTER = "before", "after"
CLIENT = "multiplexer"


class PairedRunner(Runner):
    """Runs the multiplexer of this checkout and of another."""

    def __init__(self, before: Path, server: EmbeddedServer, rounds: int, seconds: float) -> None:
        super().__init__(server, [BEFORE, AFTER], rounds, seconds, lambda description: None)
        self._roots = {BEFORE: before, AFTER: ROOT}

    def adapter(self, client: str) -> Adapter:
        """Return what the multiplexer can do here: there it may lack a workload, which then fails."""
        return load(CLIENT)

    def start(self, client: str) -> WorkerProcess:
        """Start a process of one of the checkouts."""
        return WorkerProcess(CLIENT, self._roots[client])

    def run_pairs(self, workload: Workload, processes: int) -> list[tuple[Cell, Cell]]:
        """Measure one workload in so many pairs of processes; each has its turn at being started first."""
        pairs = []
        for _ in range(processes):
            cells = self.run(workload)
            pairs.append((cells[BEFORE], cells[AFTER]))
            if processes > 1:
                self.stop_workers()
                self.clients = [*reversed(self.clients)]
        return pairs


def row(pairs: Sequence[tuple[Cell, Cell]]) -> Iterator[str]:
    """Yield the figures of one workload, of each pair of processes the cells before and after."""
    for cells in pairs:
        for cell in cells:
            if cell.error is not None or not cell.samples:
                yield f"failed: {cell.error}"[:60]
                return
    old, new = (median([sample for cells in pairs for sample in cells[side].samples]) for side in (0, 1))
    yield f"{old:,.1f}"
    yield f"{new:,.1f}"
    yield f"{new / old:.3f}" if old else "none"
    if len(pairs) == 1:  # what each of its measurements says
        before, after = pairs[0]
        ratios = [late / early for early, late in zip(before.samples, after.samples, strict=True) if early]
        yield f"{median(ratios):.3f} ({min(ratios):.2f} to {max(ratios):.2f})" if ratios else "none"
    else:
        ratios = [median(after.samples) / median(before.samples) for before, after in pairs if median(before.samples)]
        yield f"{mean(ratios):.3f} ± {stdev(ratios) / sqrt(len(ratios)):.3f}" if len(ratios) > 1 else "none"


@click.command(help=__doc__)
@click.argument("before", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--rounds", type=click.IntRange(1), default=15, show_default=True, help="Measurements of each.")
@click.option("--seconds", type=click.FloatRange(0.05), default=0.4, show_default=True, help="Length of each.")
@click.option("--processes", type=click.IntRange(1), default=1, show_default=True, help="Pairs of processes of each.")
@click.option("--workloads", default="*", show_default=True, help="Glob patterns with commas between.")
def main(before: Path, rounds: int, seconds: float, processes: int, workloads: str) -> None:
    """Entry point."""
    names = matching([workload.name for workload in WORKLOADS], workloads, "--workloads")
    table = Table("workload", "unit", BEFORE, AFTER, f"{AFTER} / {BEFORE}", "pairs")
    with EmbeddedServer.start() as server:
        runner = PairedRunner(before.resolve(), server, rounds, seconds)
        try:
            for workload in [workload for workload in WORKLOADS if workload.name in names]:
                pairs = runner.run_pairs(workload, processes)
                table.add_row(workload.name, workload.unit, *row(pairs))
        finally:
            runner.close()
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
