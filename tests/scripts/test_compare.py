"""bench/compare.py measures what it names, and says of itself what it leaves out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_package_itself_takes_part(tmp_path: Path) -> None:
    """It goes by another name than its distribution, and whoever is not installed is left out."""
    wanted = ["--quick", "--no-plot", "--workloads", "tasks-1,cached-tasks-1", "--clients", "multiplexer"]
    command = [sys.executable, "bench/compare.py", *wanted, "--json", str(tmp_path / "figures.json")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert "not installed" not in done.stdout
    assert "failed" not in done.stdout
    results = json.loads((tmp_path / "figures.json").read_text())["results"]
    assert [results[name]["multiplexer"]["error"] for name in ("tasks-1", "cached-tasks-1")] == [None, None]
