"""An application that shows its multiplexer: ``python -m tests.dashboard.load CONFIGURATION SOCKET [PAUSE]``.

It works until its input ends, whatever happens to its server. It keeps some of what it reads, and has connections lent.
"""

from __future__ import annotations

import random
import sys
import threading
from collections.abc import Callable

from multiplexer import ConnectionMultiplexer
from multiplexer.errors import RedisError

#: Parts of every key and value: what is shown has none of them.
KEY, VALUE = "key-nobody-sees", "value-nobody-sees"
#: Seconds that a command is given.
TIMEOUT = 1.0


class Load:
    """Callers in threads.

    Args:
        mux: What they share.
        pause: Seconds between two commands of one caller, about.
    """

    def __init__(self, mux: ConnectionMultiplexer, pause: float) -> None:
        self._over = threading.Event()
        self._pause = pause
        self._db = mux.get_database().with_options(timeout=TIMEOUT)
        self._kept = mux.get_database(cached=True).with_options(timeout=TIMEOUT)
        works = [self._write] * 6 + [self._read] * 4 + [self._wait]
        self._threads = [threading.Thread(target=self._repeat, args=(work, n)) for n, work in enumerate(works)]

    def run(self, until: Callable[[], object]) -> None:
        """Work until something returns."""
        for thread in self._threads:
            thread.start()
        until()
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _repeat(self, work: Callable[[int, random.Random], object], number: int) -> None:
        chance = random.Random(number)
        while not self._over.wait(self._pause * chance.uniform(0.5, 1.5)):
            try:
                work(number, chance)
            except RedisError:
                pass  # it is shown

    def _write(self, number: int, chance: random.Random) -> None:
        self._db.set(f"{KEY}-{chance.randrange(200)}", VALUE * chance.randrange(1, 20))
        self._db.lpush(f"{KEY}-queue", VALUE)

    def _read(self, number: int, chance: random.Random) -> None:
        self._kept.get(f"{KEY}-{min(int(chance.expovariate(0.05)), 199)}")

    def _wait(self, number: int, chance: random.Random) -> None:
        self._db.blpop([f"{KEY}-queue"], 0.5)


if __name__ == "__main__":
    with ConnectionMultiplexer.connect(sys.argv[1]) as shown:
        shown.serve_status(sys.argv[2])
        load = Load(shown, float(sys.argv[3]) if len(sys.argv) > 3 else 0.01)
        print("ready", flush=True)
        load.run(until=sys.stdin.read)
