"""Programs of the tests' own, run in a process of theirs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]


def run_module(module: str, *arguments: str, hashes: str = "0") -> tuple[int, str]:
    """Run a module as a program that must not complain; return its exit code and what it said.

    Args:
        module: Its name.
        arguments: What it is given.
        hashes: The seed of Python's hashes, for those that must tell the same each time.
    """
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=_ROOT,
        env={**os.environ, "PYTHONHASHSEED": hashes},
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.stderr
    return done.returncode, done.stdout
