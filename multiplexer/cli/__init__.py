"""The commands of ``multiplexer``, which is ``python -m multiplexer``; they need the extra ``cli``."""

from __future__ import annotations

from typing import Any

import click

from ..version import __version__
from .bench import bench
from .common import INTERRUPTED
from .completion import completion
from .dashboard import dashboard
from .demo import demo
from .monitor import monitor
from .ping import ping
from .status import status
from .topology import topology

__all__ = ["main"]


class Commands(click.Group):
    """The commands, each of which ends quietly on Ctrl-C."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise SystemExit(INTERRUPTED) from None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="multiplexer")
def main() -> None:
    """One pipelined connection to Redis or Valkey, shared by every thread and task."""


for command in (bench, completion, dashboard, demo, monitor, ping, status, topology):
    main.add_command(command)
