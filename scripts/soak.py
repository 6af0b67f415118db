"""Let both worlds work through faults for as long as asked, and watch what should not grow.

Each world runs in a process of its own, with a server of its own. Every minute it takes figures: calls a second, times
to a reply, memory, objects, descriptors, threads, tasks, sockets, and the connections the server has. Histories of the
callers are checked meanwhile, and counters at rest must balance. In the end it says what was wrong. Exit code 1 if any
was.

A report is Markdown with a picture beside it, in the folder ``images``. Of a file that has a place for it, as
docs/reliability.md does, only that place is written anew.

Usage::

    scripts/soak --hours 1 --report docs/reliability.md
    scripts/soak --minutes 10
    scripts/soak --hours 24 --share 0.5   # of a processor, for each world
"""

from __future__ import annotations

import argparse
import io
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]  # for the next lines, which so cannot stand above

from pictures import compressed  # noqa: E402

from tests.truth.figures import TOLERANCES, Figures, Trend, trends  # noqa: E402

WORLDS = ("asyncio", "blocking")
BEGIN, END = "<!-- soak: begin -->\n", "<!-- soak: end -->\n"
PICTURE = "images/soak.png"


class Run:
    """One world's run in a process of its own.

    Attributes:
        world: Which.
    """

    def __init__(self, world: str, words: list[str], folder: Path) -> None:
        self.world = world
        self._result = folder / f"{world}.json"
        command = [sys.executable, "-m", f"tests.{world}.truth.soak", *words, f"--result={self._result}"]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            print(f"{self.world}: {line}", end="", flush=True)

    def wait(self) -> bool:
        """Wait until it has ended; return whether all was well."""
        self._reader.join()
        return self._process.wait() == 0

    def result(self) -> dict[str, Any]:
        """Return what came of it; see ``Soak.as_dict``.

        Raises:
            FileNotFoundError: It came to no end of its own.
        """
        found: dict[str, Any] = json.loads(self._result.read_text())
        return found


def report(results: Sequence[dict[str, Any]]) -> str:
    """Return a report on some runs, in Markdown."""
    first = results[0]
    minutes = first["figures"][-1]["seconds"] / 60
    lines = [
        f"{minutes:,.0f} minutes, ended on {time.strftime('%Y-%m-%d', time.gmtime())}: {first['server']}, "
        f"Python {first['python']}, {first['system']}; seed {first['seed']}; each world in a process of its own that "
        f"takes {first['share']:.0%} of one processor at most.",
        "",
        *_table("", [run["world"] for run in results], _totals(results)),
        "",
        f"![Figures of both worlds over {minutes:,.0f} minutes]({PICTURE})",
        "",
        "What should stay the same, without the first quarter of the run. Growth is the median of the slopes between "
        "any two of the figures, over all of the time.",
        "",
        *_growth(results),
        "",
        "How often each fault came:",
        "",
        *_table("fault", [run["world"] for run in results], _faults(results)),
    ]
    complaints = [f"- {run['world']}: {complaint}" for run in results for complaint in run["wrong"]]
    if complaints:
        lines += ["", "What was wrong:", "", *complaints]
    return "\n".join(lines) + "\n"


def _table(corner: str, columns: Sequence[str], rows: dict[str, Sequence[object]]) -> list[str]:
    head = [f"| {corner} | {' | '.join(columns)} |", f"|---|{'---:|' * len(columns)}"]
    return head + [f"| {name} | {' | '.join(map(str, cells))} |" for name, cells in rows.items()]


def _totals(results: Sequence[dict[str, Any]]) -> dict[str, Sequence[object]]:
    def each(name: str) -> list[str]:
        return [f"{run[name]:,}" for run in results]

    def last(name: str) -> list[str]:
        return [f"{run['figures'][-1][name]:,}" for run in results]

    def worst(name: str) -> list[str]:
        return [f"{max(figures[name] for figures in run['figures']) * 1000:,.0f} ms" for run in results]

    return {
        "histories checked": each("rounds"),
        "calls": each("calls"),
        "of them of unknown outcome": each("unknown"),
        "faults": [f"{sum(run['faults'].values()):,}" for run in results],
        "sockets opened": last("sockets"),
        "messages heard": each("messages"),
        "times the counters were looked at": [f"{len(run['figures']):,}" for run in results],
        "median time to a reply in the worst minute": worst("median"),
        "99 % within": worst("tail"),
        "99.9 % within": worst("worst"),
        "complaints": [f"{len(run['wrong']):,}" for run in results],
    }


def _faults(results: Sequence[dict[str, Any]]) -> dict[str, Sequence[object]]:
    names = sorted({name for run in results for name in run["faults"]})
    return {name.replace("_", " "): [f"{run['faults'].get(name, 0):,}" for run in results] for name in names}


def _growth(results: Sequence[dict[str, Any]]) -> list[str]:
    found = {run["world"]: trends([Figures(**figures) for figures in run["figures"]]) for run in results}
    if not all(found.values()):
        return ["The run was too short to say."]
    lines = ["| world | figure | first | last | growth | bound |", "|---|---|---:|---:|---:|---:|"]
    for world, told in found.items():
        lines += [
            f"| {world} | {trend.name} | {_shown(trend, trend.first)} | {_shown(trend, trend.last)} | "
            f"{_shown(trend, trend.grown)} | {_shown(trend, trend.most)} |"
            for trend in told
        ]
    return lines


def _shown(trend: Trend, value: float) -> str:
    return f"{value / 2**20:,.1f} MiB" if trend.name == "memory" else f"{value:,.0f}"


def draw(results: Sequence[dict[str, Any]]) -> bytes:
    """Return a picture of all figures of some runs."""
    from matplotlib.figure import Figure

    panels = {
        "rate": ("calls a second", 1.0),
        "tail": ("99 % of replies within, ms", 1e3),
        "memory": ("memory, MiB", 1 / 2**20),
        **{name: (name, 1.0) for name in TOLERANCES if name != "memory"},
    }
    figure = Figure(figsize=(11, 7), dpi=90, layout="constrained")
    axes = figure.subplots(-(-len(panels) // 3), 3).flat
    lines: list[Any] = []
    for (name, (title, scale)), axis in zip(panels.items(), axes, strict=False):
        lines = []
        for run in results:
            minutes = [figures["seconds"] / 60 for figures in run["figures"]]
            values = [figures[name] * scale for figures in run["figures"]]
            lines += axis.plot(minutes, values, linewidth=1, label=run["world"])
        axis.set_title(title, fontsize=9, loc="left")
        axis.set_ylim(bottom=0)
        axis.tick_params(labelsize=7)
        axis.grid(alpha=0.25, linewidth=0.5)
        axis.spines[["top", "right"]].set_visible(False)
        axis.set_xlabel("minutes", fontsize=7)
    for axis in axes:
        axis.axis("off")
    figure.legend(handles=lines, loc="outside upper right", ncols=len(lines), frameon=False)
    stream = io.BytesIO()
    figure.savefig(stream, format="png")
    return compressed(stream.getvalue())


def write(path: Path, results: Sequence[dict[str, Any]]) -> None:
    """Write a report, with its picture; where the file has a place for it, only there."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    before, begin, rest = text.partition(BEGIN)
    behind = rest.partition(END)[2] if begin else ""
    before = before if begin else "# A long run\n\n"
    path.write_text(before + BEGIN + report(results) + END + behind, encoding="utf-8")
    picture = path.parent / PICTURE
    picture.parent.mkdir(exist_ok=True)
    picture.write_bytes(draw(results))


def main() -> int:
    """Run the script; return its exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--hours", type=float, default=0.0, metavar="N", help="how long to go on")
    parser.add_argument("--minutes", type=float, default=0.0, metavar="N", help="so many minutes more")
    parser.add_argument("--every", type=float, default=60.0, metavar="S", help="seconds between figures (60)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="what chance follows from (0)")
    parser.add_argument("--share", type=float, default=0.1, metavar="S", help="of a processor, for each world (0.1)")
    parser.add_argument("--report", type=Path, metavar="FILE", help="where to write a report, in Markdown")
    options = parser.parse_args()
    seconds = options.hours * 3600 + options.minutes * 60
    if seconds <= 0:
        parser.error("say how long: --hours or --minutes")
    if not 0 < options.share <= 1:
        parser.error("--share: more than 0, and 1 at most")
    words = [f"--seconds={seconds}", f"--every={options.every}", f"--seed={options.seed}", f"--share={options.share}"]
    with tempfile.TemporaryDirectory() as folder:
        runs = [Run(world, words, Path(folder)) for world in WORLDS]
        well = [run.wait() for run in runs]
        if options.report is not None:
            write(options.report, [run.result() for run in runs])
    return 0 if all(well) else 1


if __name__ == "__main__":
    sys.exit(main())
