"""Tests are repeated, and counted, in one process after another."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from .loading import ROOT


def test_a_part_is_repeated_and_counted(tmp_path: Path) -> None:
    table = tmp_path / "table.md"
    part = "tests/core/test_storm_log.py"
    command = [sys.executable, "scripts/steady.py", "--runs", "2", "--workers", "2", "--table", str(table), part]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.read_text().splitlines() if "|" in line]
    (row,) = [row for row in rows if row[0] == part]
    tests, runs, _, failures = map(int, row[1:5])
    assert (runs, failures) == (2 * tests, 0)
    assert tests > 0
