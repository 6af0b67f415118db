"""Check histories: could one server that does one thing at a time have told callers what they were told through faults?

Takes turns between the two worlds. A seed that is wrong is told with the operations that do not fit; ``--seed`` with it
and ``--seconds 1`` does the same again, but for the order in which threads run. Exit code 1 if any was wrong.

Usage::

    scripts/histories --seconds 600             # both worlds
    scripts/histories --seconds 1 --seed 4711 --world blocking
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORLDS = ("asyncio", "blocking")
#: Seconds of one turn of a world.
TURN = 60.0


def take(world: str, seconds: float, seed: int) -> bool:
    """Check histories of one world; return whether all were right."""
    command = [sys.executable, "-m", f"tests.{world}.truth.history.campaign"]
    return subprocess.run([*command, f"--seconds={seconds}", f"--seed={seed}"], cwd=ROOT, check=False).returncode == 0


def main() -> int:
    """Run the script; return its exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=300.0, metavar="S", help="how long to go on (300)")
    parser.add_argument("--seed", type=int, metavar="N", help="seed of the first history; those that follow count on")
    parser.add_argument("--world", choices=WORLDS, help="one world only")
    options = parser.parse_args()
    seed = random.SystemRandom().randrange(2**32) if options.seed is None else options.seed
    worlds = [options.world] if options.world else [*WORLDS]
    end = time.monotonic() + options.seconds
    right, turn = True, 0
    while (left := end - time.monotonic()) > 0 or turn < len(worlds):
        rest = min(max(left, 0.1), TURN, options.seconds / len(worlds))
        # Turns are far enough apart that none repeats another's histories.
        right = take(worlds[turn % len(worlds)], rest, seed + 10_000 * (turn // len(worlds))) and right
        turn += 1
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
