"""Count the instructions of the processor that a command takes here, system calls apart.

Times change with whatever else a machine does; counts do not, so that a change of three in a hundred shows. What was
counted last stands in ``bench/instructions.json``, for each build of Python, its C library, hiredis and kind of
processor. Needs valgrind, and a Python with symbols.

Usage::

    python -m bench.instructions            # count, beside what was counted last
    python -m bench.instructions --write    # count, and write it down
    python -m bench.instructions --check    # exit code 1 where more than three in a hundred have changed

With ``--check`` the exit code is 3 where it cannot be told: there is no valgrind, or nothing was counted for this
build.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import hiredis.hiredis
from rich.console import Console
from rich.table import Table

from multiplexer.embedded import EmbeddedServer

from .counted import BY_TASK, BY_THREAD

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "bench" / "instructions.json"
ALLOWED = 0.03
CANNOT_TELL = 3
#: Seconds that the work may take within valgrind, some fifty times as many as without.
PATIENCE = 600
#: The C function of ``cmath.phase``.
MARK = "cmath_phase"

#: How many commands each piece of work has, in the order in which they are done.
_COUNTS = {name: count for pieces in (BY_THREAD, BY_TASK) for name, (_, count) in pieces.items()}


class CannotCountError(Exception):
    """Nothing can be counted here; the message says why."""


def build() -> str:
    """Return what names all that is counted and is not of this checkout."""
    library = Path(sysconfig.get_config_var("LIBDIR") or "", sysconfig.get_config_var("INSTSONAME") or "")
    digest = hashlib.sha256("".join(platform.libc_ver()).encode())
    for part in (Path(os.path.realpath(sys.executable)), library, Path(hiredis.hiredis.__file__)):
        digest.update(part.read_bytes() if part.is_file() else b"")
    # The C library has functions for each of these, of which it takes the best.
    processor = Path("/proc/cpuinfo")
    flags = set(processor.read_text().split()) if processor.is_file() else set()
    digest.update(" ".join(sorted(flags & {"avx2", "avx512f", "bmi2", "erms", "fsrm"})).encode())
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{python}, hiredis {hiredis.__version__}, {digest.hexdigest()[:12]}"


def count() -> dict[str, float]:
    """Return the instructions of one command, by piece of work.

    Raises:
        CannotCountError: There is no valgrind, or it did not get through.
    """
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        raise CannotCountError("there is no valgrind")
    with tempfile.TemporaryDirectory() as folder, EmbeddedServer.start() as server:
        command = [
            valgrind,
            "--tool=callgrind",
            f"--dump-before={MARK}",
            "--combine-dumps=no",
            f"--callgrind-out-file={folder}/counted",
            sys.executable,
            "-m",
            "bench.counted",
            server.endpoint,
        ]
        environment = {**os.environ, "PYTHONHASHSEED": "0"}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE)
        if done.returncode:
            raise CannotCountError(f"valgrind ended with {done.returncode}: {done.stderr[-2000:]}")
        totals = [total_of(Path(folder, f"counted.{number}")) for number in range(1, 2 * len(_COUNTS) + 1)]
    # Every second one: what comes before a piece of work is counted as well.
    return {name: total / commands for (name, commands), total in zip(_COUNTS.items(), totals[1::2], strict=True)}


def total_of(dump: Path) -> int:
    """Return how many instructions one of callgrind's files is about.

    Raises:
        CannotCountError: It is not there.
    """
    found = re.search(r"^(?:totals|summary): (\d+)", dump.read_text(), re.MULTILINE) if dump.is_file() else None
    if found is None:
        raise CannotCountError(f"valgrind did not see {MARK}: this Python has no symbols")
    return int(found[1])


def known(file: Path) -> dict[str, dict[str, int]]:
    """Return what was counted last, by build."""
    content: dict[str, dict[str, int]] = json.loads(file.read_text()) if file.is_file() else {}
    return content


def changes(counted: Mapping[str, float], last: Mapping[str, int]) -> dict[str, float]:
    """Return by what part more instructions were counted than last; of work that is new, or gone, infinity."""
    names = [*counted, *(name for name in last if name not in counted)]
    return {name: counted[name] / last[name] - 1 if name in last and name in counted else math.inf for name in names}


def main(arguments: Sequence[str] | None = None) -> int:
    """Count; return the exit code."""
    parser = argparse.ArgumentParser(description="Count the instructions of a command.")
    parser.add_argument("--write", action="store_true", help="write down what was counted")
    parser.add_argument("--check", action="store_true", help="fail where it has changed")
    parser.add_argument("--file", type=Path, default=FILE, help="what was counted last")
    given = parser.parse_args(arguments)
    console = Console()
    this, before = build(), known(given.file)
    if given.check and this not in before:
        console.print(f"Nothing was counted for {this}.")
        return CANNOT_TELL
    try:
        counted = count()
    except CannotCountError as error:
        console.print(str(error))
        return CANNOT_TELL
    last = before.get(this, {})
    changed = changes(counted, last)
    table = Table("work", "instructions", "last", "change", title=f"Instructions of a command\n{this}")
    for name, instructions in counted.items():
        now = f"{changed[name]:+.1%}" if name in last else "new"
        table.add_row(name, f"{instructions:,.0f}", f"{last[name]:,}" if name in last else "", now)
    console.print(table)
    if given.write:
        before[this] = {name: round(instructions) for name, instructions in counted.items()}
        given.file.write_text(json.dumps(before, indent=2, sort_keys=True) + "\n")
    elif given.check and (beyond := [name for name, change in changed.items() if abs(change) > ALLOWED]):
        console.print(f"More than {ALLOWED:.0%} have changed: {', '.join(beyond)}.")
        console.print("Where that is meant: python -m bench.instructions --write")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
