"""Several databases of which one is used: redis-py's names of ``command_executor``."""

from __future__ import annotations

from ..blocking.multidb import command_executor as _command_executor
from ..blocking.multidb.command_executor import *

__all__ = [*_command_executor.__all__]
