"""Has a value made where it is missing, beside others that do the same.

Arguments: port, what its loader does: ``count`` that it was called, or ``hang``. Its last line is the value.
"""

from __future__ import annotations

import json
import sys
import time

from multiplexer import ConnectionMultiplexer


def main(port: int, what: str) -> None:
    """Ask for the value."""
    mux = ConnectionMultiplexer.connect(f"127.0.0.1:{port}", protocol=3)
    db = mux.get_database(cached=True, decode=True)

    def loader() -> int:
        if what == "hang":
            print("loading")
            time.sleep(60)
        times = db.incr("calls")
        time.sleep(0.5)
        return times

    print(json.dumps(db.get_or_load("value", loader=loader, ttl=60, load_timeout=30)))
    mux.close()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
