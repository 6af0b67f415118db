"""What the commands share: the server to connect to, and how errors and numbers are shown."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

import click
from rich.console import Console

from .. import ConfigurationOptions, ConnectionMultiplexer
from ..errors import RedisError

#: Columns where there is no terminal that has a width: tables in a log are not folded.
_WIDTH_WITHOUT_TERMINAL = 120

#: What ``get_status()`` returns, or a part of it.
Status = Mapping[str, Any]
Function = TypeVar("Function", bound=Callable[..., Any])


def make_console() -> Console:
    """Return a console for standard output."""
    return Console(width=None if sys.stdout.isatty() else _WIDTH_WITHOUT_TERMINAL, highlight=False, markup=False)


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
        raise click.ClickException(f"{addresses(options)}: {reason(error)}") from None


def addresses(options: ConfigurationOptions) -> str:
    """Return the servers' addresses."""
    return ", ".join(str(endpoint) for endpoint in options.endpoints)


def reason(error: BaseException) -> str:
    """Return what an error says, or its kind where it says nothing."""
    return str(error) or type(error).__name__


def bridges(status: Status) -> Iterator[tuple[str, Status]]:
    """Yield every server's bridges, each with the server's endpoint."""
    for server in status["servers"]:
        for kind in ("interactive", "subscription"):
            if server[kind] is not None:
                yield server["endpoint"], server[kind]


def milliseconds(seconds: float) -> str:
    """Return a short time with its unit."""
    return f"{seconds * 1e3:.3f} ms"


def count(number: int) -> str:
    """Return a number that can be read at a glance."""
    return f"{number:,}"


def size(number: float) -> str:
    """Return a number of bytes with its unit."""
    for unit in ("B", "KiB", "MiB"):
        if number < 1024:
            return f"{number:.0f} B" if unit == "B" else f"{number:.1f} {unit}"
        number /= 1024
    return f"{number:.1f} GiB"
