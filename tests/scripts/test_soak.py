"""The script of long runs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from .loading import ROOT


@pytest.mark.timeout(120)
def test_a_report_of_both_worlds(tmp_path: Path) -> None:
    report = tmp_path / "soak.md"
    command = [sys.executable, "scripts/soak.py", "--minutes", "0.01", "--every", "1", "--report", str(report)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    text = report.read_text()
    assert text.count("0 complaints") == 2
    assert text.count("| seconds | rate | unknown |") == 2
    assert "\nasyncio: " in text
    assert "\nblocking: " in text


def test_it_must_be_told_how_long() -> None:
    done = subprocess.run([sys.executable, "scripts/soak.py"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "--hours or --minutes" in done.stderr
