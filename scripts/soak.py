"""Let both worlds work through faults for as long as asked, and watch what should not grow.

Each world runs in a process of its own, with a server of its own. Every minute it takes figures: calls a second, times
to a reply, memory, objects, descriptors, threads, sockets, and the connections the server has. Histories of the callers
are checked meanwhile, and counters at rest must balance. In the end it says what was wrong. Exit code 1 if any was.

Usage::

    scripts/soak --hours 24 --report soak.md
    scripts/soak --minutes 10
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORLDS = ("asyncio", "blocking")


class Run:
    """One world's run in a process of its own.

    Attributes:
        world: Which.
        lines: What it has told so far.
    """

    def __init__(self, world: str, words: list[str]) -> None:
        self.world = world
        self.lines: list[str] = []
        command = [sys.executable, "-m", f"tests.{world}.truth.soak", *words]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.lines.append(line)
            print(f"{self.world}: {line}", end="", flush=True)

    def wait(self) -> bool:
        """Wait until it has ended; return whether all was well."""
        self._reader.join()
        return self._process.wait() == 0


def main() -> int:
    """Run the script; return its exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--hours", type=float, default=0.0, metavar="N", help="how long to go on")
    parser.add_argument("--minutes", type=float, default=0.0, metavar="N", help="so many minutes more")
    parser.add_argument("--every", type=float, default=60.0, metavar="S", help="seconds between figures (60)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="what chance follows from (0)")
    parser.add_argument("--report", type=Path, metavar="FILE", help="where to write a report, in Markdown")
    options = parser.parse_args()
    seconds = options.hours * 3600 + options.minutes * 60
    if seconds <= 0:
        parser.error("say how long: --hours or --minutes")
    words = [f"--seconds={seconds}", f"--every={options.every}", f"--seed={options.seed}"]
    runs = [Run(world, words) for world in WORLDS]
    well = [run.wait() for run in runs]
    if options.report is not None:
        parts = [f"## {run.world}\n\n{''.join(run.lines)}" for run in runs]
        title = f"# {seconds / 60:.0f} minutes of mixed traffic through faults"
        options.report.write_text("\n\n".join([title, *parts]))
    return 0 if all(well) else 1


if __name__ == "__main__":
    sys.exit(main())
