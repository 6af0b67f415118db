"""Showing something again and again: on a terminal in place, elsewhere one after the other, or as lines of JSON."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import click
from rich.console import Console, RenderableType
from rich.live import Live

from .. import ConnectionMultiplexer
from ..blocking import Server
from ..errors import RedisError
from .tables import Frame

Result = TypeVar("Result")

#: Servers that are asked something at the same time, at most.
_MOST_AT_ONCE = 32


def takes_watching(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options ``--watch`` (``every``) and ``--json`` (``lines``)."""
    watch = click.option(
        "--watch", "-w", "every", type=click.FloatRange(0, min_open=True), help="Show it again every so many seconds."
    )
    as_lines = click.option("--json", "lines", is_flag=True, help="Show JSON; with --watch one line each time.")
    return watch(as_lines(command))


def as_json(value: Any, indent: int | None = None) -> str:
    """Return plain values as JSON; in one line unless it is to be indented."""
    return json.dumps(value, indent=indent, default=str)


def show(
    take: Callable[[], Mapping[str, Any]],
    render: Callable[[Mapping[str, Any]], RenderableType],
    console: Console,
    *,
    every: float | None = None,
    times: int | None = None,
    lines: bool = False,
) -> None:
    """Show what ``take`` returns, once or until Ctrl-C.

    Args:
        take: Returns plain values.
        render: Makes something for a console of them.
        console: Where to show it.
        every: Seconds between two times; None for once.
        times: How often, or None for no end.
        lines: Whether to write JSON.
    """
    if every is None:
        if lines:
            click.echo(as_json(take(), 2))
        else:
            console.print(render(take()))
        return
    moments = _moments(every, times)
    if lines or not console.is_terminal:
        for _ in moments:
            values = take()
            if lines:
                click.echo(as_json(values))
            else:
                console.print(render(values))
        return
    with Live("", console=console, screen=True, auto_refresh=False) as live:
        for _ in moments:
            live.update(Frame(render(take())), refresh=True)


def _moments(every: float, times: int | None) -> Iterator[None]:
    done = 0
    while times is None or done < times:
        if done:
            time.sleep(every)
        yield
        done += 1


def ask_all(
    mux: ConnectionMultiplexer, ask: Callable[[Server[bytes]], Result]
) -> dict[str, tuple[Result | None, RedisError | None]]:
    """Ask every server something, all at the same time.

    Returns:
        By endpoint what ``ask`` returned and the error it raised, of which one is None.
    """
    servers = mux.get_servers()

    def outcome(server: Server[bytes]) -> tuple[Result | None, RedisError | None]:
        try:
            return ask(server), None
        except RedisError as error:
            return None, error

    pool = ThreadPoolExecutor(min(len(servers), _MOST_AT_ONCE) or 1)
    try:
        outcomes = list(pool.map(outcome, servers))
    finally:
        pool.shutdown(wait=False)  # Ctrl-C waits for no server
    return {server.endpoint: each for server, each in zip(servers, outcomes, strict=True)}
