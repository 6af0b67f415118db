"""``monitor``: how busy every server is, or each command it gets."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import click
from rich.console import Group, RenderableType
from rich.text import Text

from .. import ConnectionMultiplexer
from ..blocking import Server
from ..core.connection_counters import LatencyHistogram
from ..core.results.monitor import MonitoredCommand
from ..errors import CommandDisabledError, RedisError, RedisTimeoutError, ResponseError
from .common import (
    connect,
    count,
    ends_at_once,
    in_order,
    make_console,
    parse,
    reason,
    short,
    size,
    takes_configuration,
)
from .tables import Column, FittedTable, address, number
from .watching import as_json, ask_all, show

#: PINGs sent to each server between two looks: what the percentiles are of.
_PINGS = 20
#: Longest part of a word of a command that is shown.
_LONGEST_WORD = 100
#: Seconds after which a thread that waits for commands looks whether it shall end.
_LOOK = 0.1

#: What is shown, and its name in INFO: what only grows, and what is as it is.
_RATES = (
    ("operations", "total_commands_processed"),
    ("bytes_in", "total_net_input_bytes"),
    ("bytes_out", "total_net_output_bytes"),
)
_GAUGES = (("clients", "connected_clients"), ("blocked", "blocked_clients"), ("memory", "used_memory"))


def _whole(figure: float) -> str:
    return f"{figure:,.0f}"


def _milliseconds(seconds: float) -> str:
    return short(seconds * 1e3)


#: What is shown of a server, in which column, and how.
_CELLS: tuple[tuple[str, Column, Callable[[Any], str]], ...] = (
    ("operations", number("ops/s", 0, 7), _whole),
    ("bytes_in", number("in/s", 5, 8), size),
    ("bytes_out", number("out/s", 4, 8), size),
    ("clients", number("clients", 3), _whole),
    ("blocked", number("blocked", 8), _whole),
    ("memory", number("memory", 2, 8), size),
    ("p50", number("p50 ms", 6), _milliseconds),
    ("p99", number("p99 ms", 1), _milliseconds),
    ("backlog", number("backlog", 7), count),
    ("leases", number("leases", 9), count),
)


class Meter:
    """Turns what servers and multiplexer have counted into rates."""

    def __init__(self, mux: ConnectionMultiplexer) -> None:
        self._mux = mux
        self._before: dict[str, tuple[float, Mapping[str, Any]]] = {}

    def take(self) -> dict[str, Any]:
        """Look at every server; return rates since the look before, and none the first time."""
        answers = ask_all(self._mux, _look)
        counters = {each.endpoint: each for each in self._mux.get_counters()}
        servers = []
        for server in in_order(self._mux.get_status()):
            endpoint = server["endpoint"]
            answer, error = answers.get(endpoint, (None, None))  # of one that has just come there is none yet
            row: dict[str, Any] = {"endpoint": endpoint, "role": server["role"], "error": None}
            if error is not None:
                row["error"] = server["interactive"]["last_error"] or reason(error)
            if answer is not None:
                latency, info = answer
                row |= {"p50": latency.percentile(50), "p99": latency.percentile(99), **self._rates(endpoint, info)}
            own = counters.get(endpoint)
            if own is not None:
                row["backlog"] = own.interactive.pending_unsent_items
                row["unanswered"] = own.interactive.sent_items_awaiting_response
                row["leases"] = own.leased.sent_items_awaiting_response
            servers.append(row)
        return {"time": time.time(), "servers": servers}

    def _rates(self, endpoint: str, info: Mapping[str, Any]) -> dict[str, Any]:
        now = time.monotonic()
        then, before = self._before.get(endpoint, (now, {}))
        self._before[endpoint] = (now, info)
        gauges = {name: info[key] for name, key in _GAUGES if key in info}
        if now <= then or info.get("run_id") != before.get("run_id"):
            return gauges  # it was started again, and counts from nothing
        rates = {name: (info[key] - before[key]) / (now - then) for name, key in _RATES if key in info}
        return gauges | rates


def _look(server: Server[bytes]) -> tuple[LatencyHistogram, Mapping[str, Any]]:
    """Measure some round trips, and ask for INFO where there is such a thing."""
    latency = LatencyHistogram()
    for _ in range(_PINGS):
        start = time.perf_counter()
        server.ping()
        latency.add(time.perf_counter() - start)
    try:
        return latency, server.info()
    except (CommandDisabledError, ResponseError):
        return latency, {}  # behind a proxy, or not allowed


def render(values: Mapping[str, Any]) -> RenderableType:
    """Return what a :class:`Meter` took as a table, with what is wrong below it."""
    moment = datetime.fromtimestamp(values["time"]).strftime("%H:%M:%S")
    columns = [column for _, column, _ in _CELLS]
    table = FittedTable(f"Servers at {moment}", address("server"), Column("role", room=7), *columns)
    troubles = []
    for row in values["servers"]:
        down = row["error"] is not None
        role = Text("down", style="red") if down else row["role"]
        table.add_row(row["endpoint"], role, *(_cell(row, name, shown) for name, _, shown in _CELLS))
        if down:
            troubles.append(Text(f"{row['endpoint']}: {row['error']}", style="red"))
    return Group(table, *troubles)


def _cell(row: Mapping[str, Any], name: str, shown: Callable[[Any], str]) -> str:
    return shown(row[name]) if row.get(name) is not None else ""


class CommandStream:
    """The commands that some servers get, one after the other."""

    def __init__(self, servers: Iterable[Server[bytes]]) -> None:
        self._servers = tuple(servers)
        self._queue: queue.SimpleQueue[tuple[str, MonitoredCommand | RedisError]] = queue.SimpleQueue()
        self._ended = threading.Event()
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> CommandStream:
        self._threads = [threading.Thread(target=self._listen, args=(server,), daemon=True) for server in self._servers]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def _listen(self, server: Server[bytes]) -> None:
        try:
            with server.monitor() as monitor:
                while not self._ended.is_set():
                    try:
                        self._queue.put((server.endpoint, monitor.next_command(_LOOK)))
                    except RedisTimeoutError:
                        continue
        except RedisError as error:
            self._queue.put((server.endpoint, error))

    def __iter__(self) -> Iterator[tuple[str, MonitoredCommand]]:
        """Yield server and command.

        Raises:
            click.ClickException: A server refused, or was lost.
        """
        while True:
            endpoint, item = self._queue.get()
            if isinstance(item, RedisError):
                raise click.ClickException(f"{endpoint}: {reason(item)}")
            yield endpoint, item


def _words(command: MonitoredCommand) -> list[str]:
    return [word.decode(errors="backslashreplace") for word in command.words]


def _line(endpoint: str, command: MonitoredCommand) -> str:
    moment = datetime.fromtimestamp(command.time).strftime("%H:%M:%S.%f")
    words = " ".join(_shortened(word) for word in _words(command))
    return f"{moment} {endpoint} [{command.database} {command.client}] {words}"


def _shortened(word: str) -> str:
    return repr(word) if len(word) <= _LONGEST_WORD else f"{word[:_LONGEST_WORD]!r}... ({count(len(word))})"


def _as_values(endpoint: str, command: MonitoredCommand) -> dict[str, Any]:
    return {
        "time": command.time,
        "server": endpoint,
        "client": command.client,
        "database": command.database,
        "words": _words(command),
    }


def stream(servers: Iterable[Server[bytes]], lines: bool, times: int | None) -> None:
    """Write commands until there were ``times``, or Ctrl-C.

    Raises:
        click.ClickException: A server refused, or was lost.
    """
    with CommandStream(servers) as commands:
        for done, (endpoint, command) in enumerate(commands, 1):
            click.echo(as_json(_as_values(endpoint, command)) if lines else _line(endpoint, command))
            if done == times:
                return


@click.command()
@takes_configuration
@click.option(
    "--every", "-e", default=1.0, show_default=True, type=click.FloatRange(0, min_open=True), help="Seconds between."
)
@click.option("--count", "-n", "times", type=click.IntRange(1), help="End after so many tables, or commands.")
@click.option("--json", "lines", is_flag=True, help="Write a line of JSON for each instead.")
@click.option("--commands", is_flag=True, help="Show each command the servers get, by MONITOR, which costs them speed.")
@click.option("--server", "endpoint", help="Only this server's commands; by default those of all.")
@click.option("--timeout", "-t", default=5.0, show_default=True, type=click.FloatRange(0, min_open=True))
def monitor(
    configuration: str,
    every: float,
    times: int | None,
    lines: bool,
    commands: bool,
    endpoint: str | None,
    timeout: float,
) -> None:
    """Show how busy the servers are, until Ctrl-C.

    Commands, bytes, clients and memory are what each server says of itself; p50 and p99 are of round trips measured
    from here; backlog and leases are this program's own, and other than 0 where the server keeps it waiting.

    CONFIGURATION is a connection string or a URL; it may also stand in the environment variable
    MULTIPLEXER_CONFIGURATION.
    """
    if endpoint is not None and not commands:
        raise click.UsageError("--server goes with --commands")
    options = parse(configuration, timeout=timeout, connect_timeout=timeout, abort_connect=True, connect_retry=1)
    with connect(options) as mux, ends_at_once():
        if commands:
            stream(_chosen(mux, endpoint), lines, times)
            return
        meter = Meter(mux)
        meter.take()
        time.sleep(every)  # there are no rates without a time they are of
        show(meter.take, render, make_console(), every=every, times=times, lines=lines)


def _chosen(mux: ConnectionMultiplexer, endpoint: str | None) -> list[Server[bytes]]:
    if endpoint is None:
        return mux.get_servers()
    try:
        return [mux.get_server(endpoint)]
    except RedisError as error:
        raise click.ClickException(reason(error)) from None
