"""Commands that count distinct elements approximately."""

from __future__ import annotations

from ...core.commands.arguments import non_empty
from ...core.commands.command_table import COMMANDS
from ...core.results.common import ok
from ...core.types import AnyStr, Encodable, Key, Pending
from .surface import CommandSurface

_PFADD = COMMANDS["PFADD"]
_PFCOUNT = COMMANDS["PFCOUNT"]
_PFMERGE = COMMANDS["PFMERGE"]


class HyperLogLogCommands(CommandSurface[AnyStr]):
    """Typed methods for the commands of the HyperLogLog group."""

    __slots__ = ()

    def pfadd(self, name: Key, *values: Encodable) -> Pending[int]:
        """Add elements; without any, only make the key where it does not exist.

        Redis command: PFADD

        Returns:
            1 if the estimate may have changed, else 0.
        """
        return self._execute(_PFADD, ("PFADD", name, *values))

    def pfcount(self, *sources: Key) -> Pending[int]:
        """Estimate how many distinct elements were added to the union of ``sources``.

        Redis command: PFCOUNT

        Raises:
            DataError: There is no key.
        """
        return self._execute(_PFCOUNT, ("PFCOUNT", *non_empty("PFCOUNT", "sources", sources)))

    def pfmerge(self, dest: Key, *sources: Key) -> Pending[bool]:
        """Merge ``sources`` into ``dest``, which keeps what it has.

        Redis command: PFMERGE
        """
        return self._execute(_PFMERGE, ("PFMERGE", dest, *sources), ok)
