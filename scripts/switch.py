"""What callers of a group of two deployments meet with when the one that is used fails: killed, hanging, or cut off.

    python scripts/switch.py                    three faults, sixteen callers
    python scripts/switch.py --seconds 20 --callers 4

Each caller increments a number again and again, over the group's handle. Both deployments are embedded servers, each
behind a proxy on loopback. A command counts as "not sent" or "unknown" by its error's ``was_sent``.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from multiplexer import ConfigurationOptions, ConnectionGroup, Member
from multiplexer.embedded import EmbeddedServer
from multiplexer.errors import RedisError
from tests.servers import FaultProxy

#: Seconds for which outcomes are counted together.
SLICE = 0.5
#: Seconds of work before the fault.
BEFORE = 1.0
#: Seconds between two commands of a caller.
PAUSE = 0.002


def kill(server: EmbeddedServer, proxy: FaultProxy) -> None:
    """End the server's process; its port refuses from then on."""
    proxy.refuse()
    server.kill()
    proxy.reset()


def hang(server: EmbeddedServer, proxy: FaultProxy) -> None:
    """Stop the server's process, whose connections stay."""
    server.pause()


def cut(server: EmbeddedServer, proxy: FaultProxy) -> None:
    """Lose whatever is sent, both ways, without a word."""
    proxy.black_hole()


Fault = Callable[[EmbeddedServer, FaultProxy], None]
FAULTS: tuple[Fault, ...] = (kill, hang, cut)


@dataclass
class Story:
    """What happened; times are seconds after the fault.

    Attributes:
        outcomes: When each command ended, and how: ``"done"``, ``"not sent"`` or ``"unknown"``.
        given_up: When the deployment was given up.
        switched: When the other one was used.
        first_done: When the first command was answered by that.
        counted: What both servers have counted together; the hanging one once it goes on.
    """

    outcomes: list[tuple[float, str]] = field(default_factory=list)
    given_up: float | None = None
    switched: float | None = None
    first_done: float | None = None
    counted: int = 0

    def count(self, outcome: str) -> int:
        """How many commands ended so."""
        return sum(1 for _, how in self.outcomes if how == outcome)

    def curve(self) -> dict[int, Counter[str]]:
        """Outcomes by slices of time, from the fault on."""
        slices: dict[int, Counter[str]] = {}
        for at, how in self.outcomes:
            if at >= 0:
                slices.setdefault(int(at // SLICE), Counter())[how] += 1
        return slices


def tell(fault: Fault, callers: int, seconds: float, timeout: float) -> Story:
    """Let callers work while a fault strikes the deployment that is used."""
    story = Story()
    with EmbeddedServer.start() as east, EmbeddedServer.start() as west:
        with FaultProxy(east.host, east.port) as before, FaultProxy(west.host, west.port) as behind:
            places = {"east": (before, 10), "west": (behind, 5)}
            members = []
            for name, (proxy, weight) in places.items():
                configuration = ConfigurationOptions.parse(f"{proxy.host}:{proxy.port}")
                members.append(
                    Member(configuration.with_changes(timeout=timeout, connect_timeout=timeout), name, weight)
                )
            with ConnectionGroup.connect(members) as group:
                _work(group, story, lambda: fault(east, before), callers, seconds)
            if fault is not kill:
                before.restore()
                east.resume()
        servers = (west,) if fault is kill else (east, west)
        story.counted = sum(int(server.command("GET", "n") or 0) for server in servers)
    return story


def _work(group: ConnectionGroup, story: Story, strike: Callable[[], None], callers: int, seconds: float) -> None:
    db, over, struck_at = group.get_database(), threading.Event(), [float("inf")]

    def since() -> float:
        return time.monotonic() - struck_at[0]

    def given_up(change: object) -> None:
        if story.given_up is None and getattr(change, "reason", None) is not None:
            story.given_up = since()

    def switched(change: object) -> None:
        if story.switched is None:
            story.switched = since()

    def call() -> None:
        while not over.wait(PAUSE):
            try:
                db.incr("n")
                how = "done"
            except RedisError as error:
                how = "unknown" if error.was_sent else "not sent"
            at = since()
            story.outcomes.append((at, how))
            if how == "done" and story.first_done is None and group.active.name == "west":
                story.first_done = at

    group.member_health_changed += given_up
    group.active_changed += switched
    threads = [threading.Thread(target=call) for _ in range(callers)]
    for thread in threads:
        thread.start()
    over.wait(BEFORE)
    struck_at[0] = time.monotonic()
    strike()
    over.wait(seconds)
    over.set()
    for thread in threads:
        thread.join()


def _shown(seconds: float | None) -> str:
    return "never" if seconds is None else f"{seconds:.3f} s"


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--callers", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=10.0, help="after the fault")
    parser.add_argument("--timeout", type=float, default=1.0, help="seconds a command may take")
    given = parser.parse_args(arguments)
    for fault in FAULTS:
        story = tell(fault, given.callers, given.seconds, given.timeout)
        print(
            f"{fault.__name__}: given up after {_shown(story.given_up)}, the other used after {_shown(story.switched)}"
        )
        print(f"  first answer of the other after {_shown(story.first_done)}")
        for how in ("done", "not sent", "unknown"):
            print(f"  {how}: {story.count(how)}")
        print(f"  applied, as the servers that live count: {story.counted}")
        print(f"  each {SLICE} s from the fault on, done/not sent/unknown:")
        slices = story.curve()
        for number in range(int(given.seconds / SLICE)):
            found = slices.get(number, Counter())
            print(f"    {number * SLICE:4.1f} s {found['done']:6} {found['not sent']:6} {found['unknown']:6}")


if __name__ == "__main__":
    main()
