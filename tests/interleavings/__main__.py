"""Explores orders in which the threads of the blocking world may take their steps.

Exit code 1 if anything was wrong.

Usage::

    python -m tests.interleavings --schedules 100000          # by chance, from --seed on
    python -m tests.interleavings --seed 7 --trace            # one of them, told step by step
    python -m tests.interleavings --exhaustive --scene callers --preemptions 2
    python -m tests.interleavings --plan 12:1,40:2 --scene callers --trace
    python -m tests.interleavings --strikes                   # Ctrl-C at every step of a call
    python -m tests.interleavings --guards                    # remove each guard, and see it found
"""

from __future__ import annotations

import sys

from .primitives import install

if __name__ == "__main__":
    install()  # before anything makes a lock
    from .campaign import main

    sys.exit(main(__doc__ or ""))
