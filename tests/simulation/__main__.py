"""Simulates: one run and its story, or run after run until one fails.

Exit code 1 if any run was wrong.

Usage::

    python -m tests.simulation --seed 7 --trace
    python -m tests.simulation --seeds 1-500
    python -m tests.simulation --seconds 600 --scene cluster
"""

from __future__ import annotations

import argparse
import sys
import time

from .clock import install


def main() -> int:
    """Run as a program; return its exit code."""
    clocks = time.monotonic, time.process_time
    install()  # before the package is imported, which keeps the clock it finds
    from .campaign import campaign
    from .scenes import PACES, SCENES

    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", type=int, metavar="N", help="make this run")
    parser.add_argument("--seeds", metavar="A-B", help="make these runs")
    parser.add_argument("--seconds", type=float, metavar="S", help="go on for so long, from --seed on or from any")
    parser.add_argument("--trace", action="store_true", help="tell each run's story line by line")
    parser.add_argument("--scene", choices=sorted(SCENES), help="only there")
    parser.add_argument("--pace", choices=sorted(PACES), help="only so fast")
    parser.add_argument("--duration", type=float, metavar="S", help="virtual seconds of a run")
    parser.add_argument("--broken", metavar="NAME", help="with one of the broken connections of tests/truth/history")
    parser.add_argument("--each", action="store_true", help="a short run of each scene at each pace")
    parser.add_argument("--found", action="store_true", help="the seeds that once failed")
    parser.add_argument("--keep-going", action="store_true", help="also after a run that was wrong")
    return campaign(parser.parse_args(), clocks)


if __name__ == "__main__":
    sys.exit(main())
