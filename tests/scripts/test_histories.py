"""The script that checks histories."""

from __future__ import annotations

import subprocess
import sys

from .loading import ROOT


def test_histories_of_both_worlds() -> None:
    command = [sys.executable, "scripts/histories.py", "--seconds", "0.1", "--seed", "3"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    asyncio, blocking = done.stdout.splitlines()
    assert asyncio.startswith("asyncio: 1 histories from seed 3 on, ")
    assert blocking.startswith("blocking: 1 histories from seed 3 on, ")
    assert asyncio.endswith(" 0 wrong")
    assert blocking.endswith(" 0 wrong")
