"""The commands of ``python -m multiplexer``; they need the extra ``cli``."""

from __future__ import annotations

import click

from ..version import __version__
from .demo import demo
from .ping import ping
from .status import status

__all__ = ["main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="multiplexer")
def main() -> None:
    """One pipelined connection to Redis or Valkey, shared by every thread and task."""


main.add_command(demo)
main.add_command(ping)
main.add_command(status)
