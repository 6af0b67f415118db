"""Try properties with other examples, and what goes by chance with other seeds, until time is up.

Runs the tests that hypothesis draws examples for and those marked ``chance``, again and again, each time from another
seed, which it prints. An example that fails is kept in ``tests/fuzz/found``, from where ``scripts/test`` tries it
first: commit it with the mend. Exit code 1 if anything failed.

Usage::

    scripts/fuzz --seconds 600                  # everything
    scripts/fuzz --seconds 60 tests/core        # a part
    scripts/fuzz --seed 4711 --rounds 1         # what a round before found, again
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOUND = "tests/fuzz/found"


def explore(seed: int, tests: list[str], workers: int, seconds: float) -> bool | None:
    """Run one round; return whether all passed, or None where time was up before its end."""
    command = [sys.executable, "-m", "pytest", "-q", "--no-header", "--tb=short", "-m", "hypothesis or chance"]
    command += ["--hypothesis-profile=explore", f"--hypothesis-seed={seed}"]
    command += ["-n", str(workers), "--dist", "worksteal"] if workers > 1 else []
    environment = {**os.environ, "TEST_SEED": str(seed)}
    process = subprocess.Popen([*command, *tests], cwd=ROOT, env=environment)
    try:
        return process.wait(seconds) in (0, 5)  # 5: none of these tests is of that kind
    except subprocess.TimeoutExpired:
        process.terminate()
        return None
    finally:
        process.wait()


def main() -> int:
    """Run the script; return its exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=300.0, metavar="S", help="how long to go on (300)")
    parser.add_argument("--rounds", type=int, default=10**6, metavar="N", help="end after so many rounds")
    parser.add_argument("--seed", type=int, metavar="N", help="seed of the first round; those that follow count on")
    default = os.cpu_count() or 1
    parser.add_argument("--workers", type=int, default=default, metavar="N", help=f"tests at a time ({default})")
    parser.add_argument("tests", nargs="*", default=[], help="files or folders of tests; by default all")
    options = parser.parse_args()
    seed = random.SystemRandom().randrange(2**32) if options.seed is None else options.seed
    end = time.monotonic() + options.seconds
    failed: list[int] = []
    rounds = 0
    while rounds < options.rounds and (left := end - time.monotonic()) > 0:
        print(f"== round {rounds + 1}, seed {seed + rounds}, {left:.0f} s left", flush=True)
        if explore(seed + rounds, options.tests, options.workers, left) is False:
            failed.append(seed + rounds)
        rounds += 1
    if failed:
        print(f"NEW FINDINGS, of seeds {', '.join(map(str, failed))}; failing examples are kept in {FOUND}")
    else:
        print(f"Nothing new was found in {rounds} rounds.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
