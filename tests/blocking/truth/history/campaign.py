# Generated from tests/asyncio/truth/history/campaign.py by scripts/generate_blocking.py; change that file instead.
"""Takes histories of one scene after the other until time is up; ``scripts/histories`` runs it in both worlds."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from random import Random

from tests.blocking._world import WORLD
from tests.blocking.truth.history.scenes import (
    WAYS,
    dying_server,
    losing_failover,
    moving_slots,
    one_replica,
    one_server,
)
from tests.servers import RealCluster, RealServer, SentinelGroup, available_kinds
from tests.truth.history.recording import History

#: One scene in so many needs several servers, which take a while to start.
_RARE = 12


def one_round(seed: int) -> History:
    """Take one history; everything about it follows from the seed but the order in which threads run.

    Raises:
        AssertionError: It could not have been told by one server that does one thing at a time.
        Undecided: It takes too long to find out.
    """
    chance = Random(seed)
    kind, protocol, way = chance.choice(available_kinds()), chance.choice((2, 3)), chance.choice(sorted(WAYS))
    name, scale = f"seed {seed}", chance.choice((1, 1, 2))
    scene = chance.randrange(_RARE)
    if scene == 0:
        with RealCluster(kind) as cluster:
            return moving_slots(cluster, protocol, name, failovers=True)
    if scene == 1:
        with SentinelGroup(kind, replicas=1) as group:
            return losing_failover(group, protocol, name)
    if scene == 2:
        with SentinelGroup(kind, replicas=1) as group:
            return one_replica(group, protocol, name, calls=100)
    if scene == 3:
        return dying_server(kind, protocol, name, deaths=3)
    with RealServer.start(kind) as server:
        return one_server(server, protocol, WAYS[way], name, calls=25 * scale, most=6 * scale)


def campaign(seconds: float, seed: int, report: Callable[[str], None] = print) -> int:
    """Take histories for so long, each of a seed that follows from the one before; return how many were wrong."""
    end, wrong, rounds, calls, unknown = time.monotonic() + seconds, 0, 0, 0, 0
    while time.monotonic() < end:
        try:
            history = one_round(seed + rounds)
        except Exception as error:
            wrong += 1
            report(f"{WORLD}, seed {seed + rounds}: {type(error).__name__}: {error}")
        else:
            calls += len(history.operations)
            unknown += history.unknown
        rounds += 1
    told = f"{calls} calls, {unknown} of unknown outcome, {wrong} wrong"
    report(f"{WORLD}: {rounds} histories from seed {seed} on, {told}")
    return wrong


def main() -> int:
    """Run as a program; return its exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--seed", type=int, required=True)
    options = parser.parse_args()
    return 1 if campaign(options.seconds, options.seed) else 0


if __name__ == "__main__":
    raise SystemExit(main())
