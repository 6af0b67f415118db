"""``demo``: an embedded server, callers in both worlds, and what happens to them when the server is killed."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack

import click
from rich.console import Console
from rich.live import Live

from .. import ConfigurationOptions
from ..embedded import EmbeddedServer
from ..errors import RedisError
from .common import count, make_console, milliseconds, reason, size
from .load import TaskWorld, ThreadWorld, World
from .tables import Column, FittedTable, Shape, number

#: There is no JSON of it.
_ELSEWHERE = "wider terminal"

#: Callers of each world.
THREADS, TASKS = 16, 128
#: Shares of the time: threads alone, tasks alone, both, the server away, both again.
ALONE, TOGETHER, AWAY, AGAIN = 0.25, 0.15, 0.15, 0.2

#: What survives a killed server is what it had written to its file before it replied, which is everything.
_SERVER = ["appendonly yes", "appendfsync no"]
_RECOVERY_LIMIT = 15.0
_FRAMES_PER_SECOND = 5


class _ConsoleHandler(logging.Handler):
    """Writes the log above whatever the console shows live."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console = console
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self._console.print(self.format(record), soft_wrap=True)


class Display:
    """Shows throughput while the callers are at work: a table on a terminal, a line each second elsewhere."""

    def __init__(self, console: Console, worlds: Sequence[World]) -> None:
        self._console = console
        self._worlds = worlds
        self._phase = ""
        self._live: Live | None = None
        self._seen = [(0, 0.0)] * len(worlds)
        self._rates = [0.0] * len(worlds)
        self.peaks = [0.0] * len(worlds)

    def begin(self, phase: str) -> None:
        """Name what happens now."""
        self._phase = phase
        self._console.print(f"== {phase}")

    def run(self, done: Callable[[], bool]) -> None:
        """Show what goes on until ``done()``."""
        frame = 1 / _FRAMES_PER_SECOND
        self._measure()
        since = time.monotonic()
        with ExitStack() as stack:
            if self._console.is_terminal:
                self._live = stack.enter_context(Live(self._table(), console=self._console, transient=True))
            while not done():
                time.sleep(frame)
                if time.monotonic() - since >= (frame if self._live else 1):
                    since = time.monotonic()
                    self._measure()
                    self._show()
        self._live = None

    def _measure(self) -> None:
        now = time.monotonic()
        for index, world in enumerate(self._worlds):
            before, then = self._seen[index]
            completed = world.total("completed")
            self._rates[index] = (completed - before) / (now - then)
            self.peaks[index] = max(self.peaks[index], self._rates[index])
            self._seen[index] = (completed, now)

    def _show(self) -> None:
        if self._live is not None:
            self._live.update(self._table())
            return
        parts = [
            f"{world.title}: {rate:,.0f} commands/s, {_waiting(world)} waiting"
            for world, rate in zip(self._worlds, self._rates, strict=True)
            if world.running
        ]
        self._console.print("   " + " | ".join(parts), soft_wrap=True)

    def _table(self) -> FittedTable:
        table = FittedTable(
            self._phase,
            Column("one connection for"),
            number("commands/s", 0, 10),
            number("completed", 1, 10),
            number("callers waiting"),
            number("unsent", 2),
            elsewhere=_ELSEWHERE,
        )
        for world, rate in zip(self._worlds, self._rates, strict=True):
            unsent = world.counters().interactive.pending_unsent_items
            table.add_row(
                world.title, f"{rate:,.0f}", count(world.total("completed")), str(_waiting(world)), count(unsent)
            )
        return table


def _waiting(world: World) -> int:
    return sum(tally.calling for tally in world.tallies)


class Demo:
    """The demonstration, act by act."""

    def __init__(self, console: Console, server: EmbeddedServer, worlds: Sequence[World], seconds: float) -> None:
        self._console = console
        self._server = server
        self._worlds = worlds
        self._seconds = seconds
        self._display = Display(console, worlds)
        self._log = logging.getLogger("multiplexer.demo")
        self.recovery = 0.0

    def run(self) -> bool:
        """Play all acts; return whether everything was as promised."""
        for world in self._worlds:
            self._display.begin(f"{world.title} over one connection")
            world.start()
            self._show_for(ALONE)
            world.stop()
        self._display.begin("both, then the server is killed")
        for world in self._worlds:
            world.start()
        self._show_for(TOGETHER)
        self._kill()
        recovered = self._recover()
        self._show_for(AGAIN)
        for world in self._worlds:
            world.stop()
        self._log_counters()
        return self._summarise(recovered)

    def _show_for(self, share: float) -> None:
        end = time.monotonic() + share * self._seconds
        self._display.run(lambda: time.monotonic() >= end)

    def _kill(self) -> None:
        self._server.kill()
        self._display.begin("the server is gone; commands wait in the backlog")
        self._show_for(AWAY)
        self._log_counters()

    def _recover(self) -> bool:
        """Start the server again; return whether both worlds found it."""
        self._display.begin("the server is started again")
        before = [world.total("completed") for world in self._worlds]
        self._server.restart()
        start = time.monotonic()

        def is_back() -> bool:
            return all(world.total("completed") > old for world, old in zip(self._worlds, before, strict=True))

        self._display.run(lambda: is_back() or time.monotonic() > start + _RECOVERY_LIMIT)
        self.recovery = time.monotonic() - start
        return is_back()

    def _log_counters(self) -> None:
        for world in self._worlds:
            self._log.info("%s: %s", world.title, world.counters())

    def _summarise(self, recovered: bool) -> bool:
        titles = [number(world.title) for world in self._worlds]
        table = FittedTable("What the callers saw", Column("", shape=Shape.WORDS), *titles, elsewhere=_ELSEWHERE)
        rows: dict[str, list[str]] = {}
        good = recovered
        for world, peak in zip(self._worlds, self._display.peaks, strict=True):
            miscounted = world.miscounted()
            good = good and not (miscounted or world.total("wrong") or world.total("refused"))
            for name, cell in self._cells(world, peak, miscounted):
                rows.setdefault(name, []).append(cell)
        for name, cells in rows.items():
            table.add_row(name, *cells)
        self._console.print(table)
        if recovered:
            self._console.print(f"Both were served again {self.recovery:.2f} s after the server was.")
        self._console.print("Everything as promised." if good else "NOT as promised: see the table.")
        return good

    @staticmethod
    def _cells(world: World, peak: float, miscounted: int) -> list[tuple[str, str]]:
        counters = world.counters().interactive
        return [
            ("commands answered", count(world.total("completed"))),
            ("best throughput, commands/s", f"{peak:,.0f}"),
            ("commands per write", f"{counters.operation_count / max(counters.flushes, 1):.1f}"),
            ("sockets opened, one after the other", count(counters.socket_count)),
            ("bytes out, in", f"{size(counters.bytes_sent)}, {size(counters.bytes_received)}"),
            ("median from write to reply, at most", milliseconds(counters.latency.percentile(50))),
            ("lost with the server, reported as sent", count(world.total("unknown"))),
            ("reads sent again by themselves", count(counters.retried)),
            ("failed although they could have waited", count(world.total("refused"))),
            ("replies that belonged to another request", count(world.total("wrong"))),
            ("counters that contradict their callers", count(miscounted)),
        ]


@click.command()
@click.option(
    "--seconds",
    "-s",
    default=10.0,
    show_default=True,
    type=click.FloatRange(1, 600),
    help="How long it shall take, about.",
)
def demo(seconds: float) -> None:
    """Show the multiplexer at work on a server of its own, which is killed and comes back.

    Threads and asyncio tasks check every reply they get. The exit code is 1 if a reply was wrong, a command that
    could have waited failed, or the server's counts contradict what the callers were told.
    """
    console = make_console()
    log = logging.getLogger("multiplexer")
    handler = _ConsoleHandler(console)
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    try:
        with EmbeddedServer.start(config=_SERVER) as server, ExitStack() as stack:
            console.print(f"Started {server.binary.name} on port {server.port}")
            options = ConfigurationOptions.parse(f"{server.host}:{server.port}").with_changes(
                timeout=_RECOVERY_LIMIT, name="demo"
            )
            worlds: list[World] = []
            for kind, callers in ((ThreadWorld, THREADS), (TaskWorld, TASKS)):
                worlds.append(kind(options, callers))
                stack.callback(worlds[-1].close)
            good = Demo(console, server, worlds, seconds).run()
    except (ImportError, RuntimeError, RedisError) as error:
        raise click.ClickException(reason(error)) from None
    finally:
        log.removeHandler(handler)
    raise SystemExit(0 if good else 1)
