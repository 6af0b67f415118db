"""What the commands share: the server to connect to, the order of servers, and how errors and numbers are shown."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import click
from rich.console import Console

from .. import ConfigurationOptions, ConnectionMultiplexer
from ..core.commands.hash_slots import SLOT_COUNT
from ..errors import RedisError

#: Exit code after Ctrl-C, as shells have it: 128 and the signal's number.
INTERRUPTED = 130

#: Columns where there is neither a terminal that has a width nor ``COLUMNS``: tables in a log are hardly folded.
_WIDTH_WITHOUT_TERMINAL = 120

#: What ``get_status()`` returns, or a part of it.
Status = Mapping[str, Any]
Function = TypeVar("Function", bound=Callable[..., Any])


def make_console() -> Console:
    """Return a console for standard output."""
    has_width = sys.stdout.isatty() or "COLUMNS" in os.environ
    return Console(width=None if has_width else _WIDTH_WITHOUT_TERMINAL, highlight=False, markup=False)


def takes_configuration(function: Function) -> Function:
    """Add the argument CONFIGURATION to a command."""
    return click.argument("configuration", default="localhost:6379", envvar="MULTIPLEXER_CONFIGURATION")(function)


def parse(configuration: str, **changes: Any) -> ConfigurationOptions:
    """Return the options of a connection string or URL.

    Raises:
        click.ClickException: It is not understood. The message repeats no value, which may be a password.
    """
    try:
        return ConfigurationOptions.parse(configuration).with_changes(**changes)
    except RedisError as error:
        raise click.ClickException(str(error)) from None


def connect(options: ConfigurationOptions) -> ConnectionMultiplexer:
    """Connect.

    Raises:
        click.ClickException: No server answered, and the options want one.
    """
    try:
        return ConnectionMultiplexer.connect(options)
    except (RedisError, OSError) as error:
        where, told = addresses(options), reason(error)
        raise click.ClickException(told if where in told else f"{where}: {told}") from None


@contextmanager
def ends_at_once() -> Iterator[None]:
    """End the process on Ctrl-C, though a server is silent.

    A multiplexer that is closed waits for replies that are due, and so do threads that asked. Here nothing is lost
    with them.
    """
    try:
        yield
    except KeyboardInterrupt:
        os._exit(INTERRUPTED)  # whatever was shown was flushed; to do it again might wait for who reads it


def addresses(options: ConfigurationOptions) -> str:
    """Return the servers' addresses."""
    return ", ".join(str(endpoint) for endpoint in options.endpoints)


def reason(error: BaseException) -> str:
    """Return what an error says, or its kind where it says nothing."""
    return str(error) or type(error).__name__


def bridges(status: Status) -> Iterator[tuple[str, Status]]:
    """Yield every server's bridges, in the order servers are shown in, each with the server's endpoint."""
    for server in in_order(status):
        for kind in ("interactive", "subscription"):
            if server[kind] is not None:
                yield server["endpoint"], server[kind]


def in_order(status: Status) -> list[Status]:
    """Return the servers as they are shown: in the order of their slots, each primary before its replicas."""
    first_slots = {
        shard["primary"]: min((first for first, _ in shard["slots"]), default=SLOT_COUNT) for shard in _shards(status)
    }
    primaries = primaries_of(status)
    known = {server["endpoint"]: place for place, server in enumerate(status["servers"])}

    def place(server: Status) -> tuple[int, int, bool]:
        primary = primaries[server["endpoint"]]
        leader = primary or server["endpoint"]
        return first_slots.get(leader, SLOT_COUNT), known.get(leader, len(known)), primary is not None

    return sorted(status["servers"], key=place)


def primaries_of(status: Status) -> dict[str, str | None]:
    """Return whose replica each server is, or None, by its address: what the cluster says, or the server itself."""
    told = {replica: shard["primary"] for shard in _shards(status) for replica in shard["replicas"]}
    return {
        server["endpoint"]: told.get(server["endpoint"]) or _address(server["primary"]) for server in status["servers"]
    }


def _shards(status: Status) -> Sequence[Status]:
    return status["cluster"]["shards"] if status.get("cluster") else ()


def _address(place: Sequence[Any] | None) -> str | None:
    return None if place is None else ":".join(map(str, place))


def milliseconds(seconds: float) -> str:
    """Return a short time with its unit, in four digits, so that it takes as much room the next time."""
    return f"{short(seconds * 1e3)} ms"


def short(number: float) -> str:
    """Return a number below 100,000 in five characters."""
    return f"{number:.{3 if number < 9.9995 else 2 if number < 99.995 else 1 if number < 999.95 else 0}f}"


def count(number: int) -> str:
    """Return a number that can be read at a glance."""
    return f"{number:,}"


def size(number: float) -> str:
    """Return a number of bytes with its unit."""
    for unit in ("B", "KiB", "MiB", "GiB"):
        if number < 1024 or unit == "GiB":
            break
        number /= 1024
    return f"{number:.{0 if unit == 'B' or number >= 99.95 else 1}f} {unit}"
