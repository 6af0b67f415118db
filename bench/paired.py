"""Compare the multiplexer of two checkouts: the same work, in turn, in one run.

Whether a change costs something shows only so: what the machine does besides changes by more from run to run.

Usage: ``python -m bench.paired ../before [--rounds 15] [--seconds 0.4] [--workloads 'threads-*,tasks-*']``, where the
folder has a checkout of what was there before (``git worktree add ../before REVISION``).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import median

import click
from rich.console import Console
from rich.table import Table

from multiplexer.embedded import EmbeddedServer

from .clients import Adapter, load
from .compare import matching
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


def row(before: Cell, after: Cell) -> Iterator[str]:
    """Yield the figures of one workload."""
    error = before.error or after.error
    if error is not None or not before.samples:
        yield f"failed: {error}"[:60]
        return
    old, new = median(before.samples), median(after.samples)
    pairs = [later / earlier for earlier, later in zip(before.samples, after.samples, strict=True) if earlier]
    yield f"{old:,.1f}"
    yield f"{new:,.1f}"
    yield f"{new / old:.3f}" if old else "none"
    yield f"{median(pairs):.3f} ({min(pairs):.2f} to {max(pairs):.2f})" if pairs else "none"


@click.command(help=__doc__)
@click.argument("before", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--rounds", type=click.IntRange(1), default=15, show_default=True, help="Measurements of each.")
@click.option("--seconds", type=click.FloatRange(0.05), default=0.4, show_default=True, help="Length of each.")
@click.option("--workloads", default="*", show_default=True, help="Glob patterns with commas between.")
def main(before: Path, rounds: int, seconds: float, workloads: str) -> None:
    """Entry point."""
    names = matching([workload.name for workload in WORKLOADS], workloads, "--workloads")
    table = Table("workload", "unit", BEFORE, AFTER, f"{AFTER} / {BEFORE}", "pairs")
    with EmbeddedServer.start() as server:
        runner = PairedRunner(before.resolve(), server, rounds, seconds)
        try:
            for workload in [workload for workload in WORKLOADS if workload.name in names]:
                cells = runner.run(workload)
                table.add_row(workload.name, workload.unit, *row(cells[BEFORE], cells[AFTER]))
        finally:
            runner.close()
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
