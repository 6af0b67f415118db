"""The script of long runs."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from tests.truth.figures import Figures

from .loading import ROOT, load_script

ONE = Figures(60.0, 1000.0, 3, 0.001, 0.008, 0.02, 50 * 2**20, 40_000, 20, 4, 5, 7, 3)


def run(world: str, leak: int = 0) -> dict[str, Any]:
    """Return what came of an hour in which memory grew by so much each minute."""
    taken = [replace(ONE, seconds=60.0 * at, memory=ONE.memory + leak * at) for at in range(1, 61)]
    return {
        "world": world,
        "server": "Valkey 9.1.2",
        "python": "3.11.7",
        "system": "Linux on x86_64",
        "seed": 0,
        "share": 0.1,
        "rounds": 1234,
        "calls": 246800,
        "unknown": 180,
        "messages": 1240,
        "faults": {"server_dies": 12, "reset" if leak else "fork": 7},
        "wrong": ["memory grew"] if leak else [],
        "figures": [asdict(figures) for figures in taken],
    }


@pytest.mark.timeout(120)
def test_a_report_of_both_worlds(tmp_path: Path) -> None:
    path = tmp_path / "soak.md"
    command = [sys.executable, "scripts/soak.py", "--hours", "0.001", "--every", "1", "--report", str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("0 complaints") == 2
    assert done.stdout.count("| seconds | rate | unknown |") == 2
    text = path.read_text()
    assert "\n| complaints | 0 | 0 |\n" in text
    assert "What was wrong" not in text
    assert (tmp_path / "images" / "soak.png").read_bytes().startswith(b"\x89PNG")


def test_it_must_be_told_how_long_and_how_much() -> None:
    for words, said in (([], "--hours or --minutes"), (["--hours", "1", "--share", "2"], "--share")):
        command = [sys.executable, "scripts/soak.py", *words]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 2
        assert said in done.stderr


def test_what_grew_stands_beside_what_it_may() -> None:
    text = load_script("soak").report([run("asyncio"), run("blocking", leak=2**20)])
    assert text.startswith("60 minutes, ended on ")
    assert "\n| asyncio | memory | 50.0 MiB | 50.0 MiB | 0.0 MiB | 8.0 MiB |\n" in text
    assert "\n| blocking | memory | 66.0 MiB | 110.0 MiB | 44.0 MiB | 8.0 MiB |\n" in text
    assert "\n| server dies | 12 | 12 |\n" in text
    assert "\n| reset | 0 | 7 |\n" in text
    assert text.endswith("What was wrong:\n\n- blocking: memory grew\n")


def test_only_its_place_in_a_page_is_written(tmp_path: Path) -> None:
    script = load_script("soak")
    page = tmp_path / "page.md"
    page.write_text(f"# Before\n\n{script.BEGIN}old\n{script.END}\nbehind\n")
    for _ in range(2):
        script.write(page, [run("asyncio"), run("blocking")])
    text = page.read_text()
    assert text.startswith(f"# Before\n\n{script.BEGIN}60 minutes")
    assert text.endswith(f"{script.END}\nbehind\n")
    assert "old" not in text
    assert text.count(script.BEGIN) == 1
