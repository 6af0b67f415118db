"""How many connect how fast when a server comes back that many clients have lost: simulated, without a socket.

    python scripts/herd.py                      2,000 clients, four ways to lose a server
    python scripts/herd.py --clients 10000

Time is made up. What decides when a client connects is the package's own code: a bridge's ``reconnect_delay`` with the
default back-off, told of each loss and each failure as a driver tells it.
"""

from __future__ import annotations

import argparse
import heapq
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from multiplexer import ConfigurationOptions, EndPoint
from multiplexer.core.connection_counters import ConnectionCounters
from multiplexer.core.physical_bridge import BridgeState, PhysicalBridge
from multiplexer.core.physical_connection import PhysicalConnection
from multiplexer.errors import RedisConnectionError

#: Seconds for which the connections had lasted when they were lost.
LASTED = 600.0
#: Seconds for which attempts are counted together.
SLICE = 0.1


@dataclass(frozen=True)
class Outage:
    """What happens to a server.

    Attributes:
        name: In words.
        down: Seconds until it takes connections again.
        answers: Seconds after which an attempt fails meanwhile.
        accepts: Connections it takes a second once it is back; others wait for their turn, up to ``connect_timeout``.
    """

    name: str
    down: float
    answers: float = 0.0
    accepts: float = float("inf")


OUTAGES = (
    Outage("lost, and there again at once", 0.0),
    Outage("refuses for ten seconds", 10.0),
    Outage("silent for twenty seconds", 20.0, answers=5.0),
    Outage("refuses for ten seconds, then takes 500 a second", 10.0, accepts=500.0),
)


class Client(PhysicalBridge):
    """A bridge that nothing drives but the simulation."""

    def __init__(self, now: float) -> None:
        endpoint = EndPoint("server", 6379)
        super().__init__(endpoint, "interactive", ConfigurationOptions(endpoints=[endpoint]), now)
        self.come_up(now)

    def come_up(self, now: float) -> None:
        """Be connected."""
        self.established(PhysicalConnection(ConnectionCounters("interactive"), lambda push: None, now), now)

    def post(self, messages: Sequence[Any]) -> None: ...
    def kick(self) -> None: ...
    def hold(self, connection: PhysicalConnection) -> bool:
        return False

    def let_go(self, connection: PhysicalConnection) -> None: ...
    def break_connection(self, connection: PhysicalConnection, error: BaseException) -> None: ...
    def keep_reading(self, always: bool) -> None: ...
    def hand_out_failures(self, failed: Any) -> None: ...


@dataclass
class Herd:
    """What came of an outage.

    Attributes:
        attempts: How many attempts began in each slice of time since the loss.
        connected: When each client was connected again.
    """

    attempts: Counter[int]
    connected: list[float]

    def per_second(self) -> list[int]:
        """Return how many attempts began in each second."""
        seconds: Counter[int] = Counter()
        for slice_, count in self.attempts.items():
            seconds[int(slice_ * SLICE + 1e-9)] += count
        return [seconds[second] for second in range(max(seconds) + 1)]


def simulate(outage: Outage, clients: int) -> Herd:
    """Let clients lose a server at the same moment, and connect again."""
    error = RedisConnectionError("lost")
    herd = Herd(Counter(), [])
    due: list[tuple[float, int, Client]] = []
    timeout = 0.0
    for number in range(clients):
        client = Client(-LASTED)
        timeout = client.options.connect_timeout
        client.lost(error, 0.0)
        heapq.heappush(due, (client.reconnect_delay(), number, client))
    free_at = outage.down
    while due:
        now, number, client = heapq.heappop(due)
        herd.attempts[int(now / SLICE)] += 1
        client.set_state(BridgeState.CONNECTING)
        begins = max(now, free_at)
        if now >= outage.down and begins - now <= timeout:
            free_at = begins + 1 / outage.accepts
            client.come_up(begins)
            herd.connected.append(begins)
            continue
        failed = now + (outage.answers if now < outage.down else timeout)
        client.connect_failed(error, failed)
        heapq.heappush(due, (failed + client.reconnect_delay(), number, client))
    return herd


def told(outage: Outage, herd: Herd) -> list[str]:
    """Return a row of the table."""
    rates = herd.per_second()
    back = int(outage.down / SLICE)
    waiting = [count for slice_, count in herd.attempts.items() if 0 < slice_ < back]
    after = [count for slice_, count in herd.attempts.items() if slice_ >= max(back, 1)]
    connected = sorted(herd.connected)
    return [
        outage.name,
        f"{herd.attempts[0]:,}",
        f"{sum(rates[1 : int(outage.down)]) / max(int(outage.down) - 1, 1):,.0f}" if waiting else "0",
        f"{max(after, default=0):,}",
        f"{connected[len(connected) // 2] - outage.down:.2f} s",
        f"{connected[-1] - outage.down:.2f} s",
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table, and how attempts are spread over time."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(arguments)
    random.seed(given.seed)
    print(f"{given.clients:,} clients lose one server at the same moment.\n")
    columns = (
        "attempts in the first 0.1 s",
        "a second while it is away",
        "most in 0.1 s later",
        "half are back",
        "all",
    )
    print(f"| the server | {' | '.join(columns)} |")
    print("|---|---:|---:|---:|---:|---:|")
    herds = [(outage, simulate(outage, given.clients)) for outage in OUTAGES]
    for outage, herd in herds:
        print(f"| {' | '.join(told(outage, herd))} |")
    for outage, herd in herds:
        print(f"\n{outage.name}: attempts in each second: {', '.join(map(str, herd.per_second()))}")


if __name__ == "__main__":
    main()
