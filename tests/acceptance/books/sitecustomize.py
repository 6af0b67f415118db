"""Looks through the books of every process of a program, by being imported when Python starts: do its counters add up?

What it finds is a file in the folder that ``MULTIPLEXER_BOOKS`` names, one for each process that had a multiplexer.
"""

import atexit
import os
import sys
import time
from pathlib import Path


def _audit() -> None:
    if "multiplexer" not in sys.modules:
        return
    import gc

    from multiplexer import ConnectionMultiplexer
    from multiplexer.asyncio import ConnectionMultiplexer as AsyncConnectionMultiplexer
    from tests.truth.conservation import unbalanced

    kinds = (ConnectionMultiplexer, AsyncConnectionMultiplexer)
    multiplexers = [thing for thing in gc.get_objects() if isinstance(thing, kinds)]
    if not multiplexers:
        return
    until = time.monotonic() + 5
    # A heartbeat may just be on its way in those that nobody has closed.
    while (
        found := [each for mux in multiplexers for each in unbalanced(mux.get_counters())]
    ) and time.monotonic() < until:
        time.sleep(0.01)
    operations = sum(server.interactive.operation_count for mux in multiplexers for server in mux.get_counters())
    report = Path(os.environ["MULTIPLEXER_BOOKS"]) / f"{os.getpid()}.txt"
    report.write_text("\n".join([str(operations), *found]), encoding="utf-8")


atexit.register(_audit)
