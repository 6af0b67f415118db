"""Repeat tests to find those that do not pass every time, beside busy loops if asked.

Prints a line for each file (tests, runs of them, failures, seconds) and one for each test that failed. Exit code 1 if
any did.

Usage::

    scripts/steady --runs 100 tests/processes           # a part, a hundred times
    scripts/steady --runs 100 --busy 2 tests/tools      # with two busy loops beside it
    scripts/steady --runs 10 --table FILE               # everything, and the table in Markdown as well
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

#: So many runs of a part share one start of pytest; of everything each has its own.
AT_ONCE = 25

#: How pytest is started, which in one process warns from the second time on.
_QUIETLY = ["-q", "--no-header", "--tb=short", "-W", "ignore:Module already imported:pytest.PytestAssertRewriteWarning"]

#: Ends with whoever started it, whatever becomes of that.
_BUSY = "import os, sys\nwhile os.getppid() == int(sys.argv[1]): pass"


@dataclass
class Tally:
    """What became of one test, over all its runs.

    Attributes:
        runs: How often it ran.
        skips: How often it was left out.
        failures: How often it failed, while it was set up or torn down too.
        seconds: How long it took altogether, with setting up and tearing down.
        longest: How long the longest run took, in seconds.
        error: The end of what the first failure said.
    """

    runs: int = 0
    skips: int = 0
    failures: int = 0
    seconds: float = 0.0
    longest: float = 0.0
    error: str = ""


@dataclass
class Recorder:
    """A pytest plugin that keeps count of every test.

    Attributes:
        repeated: Whether names of tests end with the number of a repetition.
        tests: What became of each.
    """

    repeated: bool = False
    tests: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    _seconds: dict[str, float] = field(default_factory=dict)

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Take one phase of one run of a test."""
        tally = self.tests[without_number(report.nodeid) if self.repeated else report.nodeid]
        seconds = self._seconds.pop(report.nodeid, 0.0) + report.duration
        tally.seconds += report.duration
        if report.when != "teardown":
            self._seconds[report.nodeid] = seconds
        else:
            tally.runs += 1
            tally.longest = max(tally.longest, seconds)
        if report.skipped:
            tally.skips += 1
        elif report.failed:
            tally.failures += 1
            tally.error = tally.error or report.longreprtext[-2000:]
            print(f"\nFAILED {report.nodeid} ({report.when})", flush=True)  # it may be long until the end


def without_number(node: str) -> str:
    """Return a test's name without the number of its repetition."""
    return re.sub(r"(\[|-)\d+-\d+\]$", lambda found: "" if found[1] == "[" else "]", node)


@contextmanager
def busy_loops(count: int) -> Iterator[None]:
    """Keep processors busy meanwhile."""
    loops = [subprocess.Popen([sys.executable, "-c", _BUSY, str(os.getpid())]) for _ in range(count)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def repeat(arguments: list[str], runs: int, workers: int, recorder: Recorder) -> None:
    """Run tests so many times: in parallel, then what is marked ``serial`` by itself."""
    is_part = any(not argument.startswith("-") for argument in arguments)
    left = runs
    while left > 0:
        count = min(left, AT_ONCE if is_part else 1)
        left -= count
        recorder.repeated = count > 1
        repeated = [*arguments, *_QUIETLY, *(["--count", str(count)] if count > 1 else [])]
        spread = ["-n", str(workers), "--dist", "worksteal"] if workers > 1 else []
        pytest.main([*repeated, *spread, "-m", "not serial"], plugins=[recorder])
        pytest.main([*repeated, "-m", "serial"], plugins=[recorder])


def table(tests: dict[str, Tally], described: str, slowest: int) -> Iterator[str]:
    """Yield the lines of the report, in Markdown."""
    files: dict[str, list[Tally]] = defaultdict(list)
    for name, tally in tests.items():
        files[name.partition("::")[0]].append(tally)
    yield described
    yield ""
    yield "| file | tests | runs | left out | failures | seconds | longest |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for name, tallies in sorted(files.items(), key=lambda item: -_seconds(item[1])):
        yield _row(name, tallies)
    yield _row("all", tests.values())
    if slowest:
        yield ""
        yield "| slowest tests | seconds a run | longest |"
        yield "|---|---:|---:|"
    for name, tally in sorted(tests.items(), key=lambda item: -_mean(item[1]))[:slowest]:
        yield f"| {name} | {_mean(tally):.2f} | {tally.longest:.2f} |"
    for name, tally in sorted(tests.items()):
        if tally.failures:
            yield ""
            yield f"{tally.failures} of {tally.runs}: `{name}`"
            yield from (f"    {line}" for line in tally.error.splitlines())


def _row(name: str, tallies: Iterable[Tally]) -> str:
    tallies = list(tallies)
    runs = sum(tally.runs for tally in tallies)
    skips = sum(tally.skips for tally in tallies)
    failures = sum(tally.failures for tally in tallies)
    longest = max((tally.longest for tally in tallies), default=0.0)
    return f"| {name} | {len(tallies)} | {runs} | {skips} | {failures} | {_seconds(tallies):.1f} | {longest:.2f} |"


def _seconds(tallies: Iterable[Tally]) -> float:
    return sum(tally.seconds for tally in tallies)


def _mean(tally: Tally) -> float:
    return tally.seconds / max(tally.runs, 1)


def main() -> int:
    """Run the script; return its exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0], allow_abbrev=False)
    parser.add_argument("--runs", type=int, default=10, metavar="N", help="how often each test runs (10)")
    parser.add_argument("--busy", type=int, default=0, metavar="N", help="busy loops beside the tests (none)")
    default = 3 * (os.cpu_count() or 1)
    parser.add_argument("--workers", type=int, default=default, metavar="N", help=f"tests at a time ({default})")
    parser.add_argument("--table", type=Path, metavar="FILE", help="also write the table to a file")
    parser.add_argument("--slowest", type=int, default=0, metavar="N", help="list the slowest tests, so many (none)")
    options, arguments = parser.parse_known_args()
    recorder = Recorder()
    began = time.monotonic()
    with busy_loops(options.busy):
        repeat(arguments, options.runs, options.workers, recorder)
    described = (
        f"`scripts/steady {' '.join(sys.argv[1:])}`: {options.runs} runs, {options.busy} busy loops beside, "
        f"{options.workers} tests at a time, {time.monotonic() - began:.0f} s"
    )
    lines = list(table(recorder.tests, described, options.slowest))
    print("\n".join(lines))
    if options.table is not None:
        options.table.write_text("\n".join(lines) + "\n")
    return 1 if any(tally.failures for tally in recorder.tests.values()) or not recorder.tests else 0


if __name__ == "__main__":
    sys.exit(main())
