"""Commands on Cuckoo filters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ....core.commands.arguments import flag_words, non_empty, not_negative
from ....core.commands.command import Command
from ....core.commands.command_table import COMMANDS
from ....core.results.bloom import CuckooInfo, dump_chunk, inserted, to_int, to_ints
from ....core.results.common import ok
from ....core.types import AnyStr, Encodable, Key, Pending, Reply
from .group import ModuleGroup

if TYPE_CHECKING:
    from ..chained import ChainedCuckooCommands

_ADD = COMMANDS["CF.ADD"]
_ADDNX = COMMANDS["CF.ADDNX"]
_COUNT = COMMANDS["CF.COUNT"]
_DEL = COMMANDS["CF.DEL"]
_EXISTS = COMMANDS["CF.EXISTS"]
_INFO = COMMANDS["CF.INFO"]
_INSERT = COMMANDS["CF.INSERT"]
_INSERTNX = COMMANDS["CF.INSERTNX"]
_LOADCHUNK = COMMANDS["CF.LOADCHUNK"]
_MEXISTS = COMMANDS["CF.MEXISTS"]
_RESERVE = COMMANDS["CF.RESERVE"]
_SCANDUMP = COMMANDS["CF.SCANDUMP"]


class CuckooCommands(ModuleGroup[AnyStr]):
    """Typed methods for the CF group: as Bloom filters, but items can be counted and deleted."""

    __slots__ = ()

    if TYPE_CHECKING:

        def pipeline(self, transaction: bool = True, shard_hint: Any = None) -> ChainedCuckooCommands[AnyStr]: ...

    def create(
        self,
        key: Key,
        capacity: int,
        expansion: int | None = None,
        bucket_size: int | None = None,
        max_iterations: int | None = None,
    ) -> Pending[bool]:
        """Create a filter.

        Redis command: CF.RESERVE

        Args:
            key: The key.
            capacity: How many items it is made for.
            expansion: How many times larger each further layer is, once it is full.
            bucket_size: Items in each bucket: more fill it better and err more.
            max_iterations: How often to move items about before a layer counts as full.

        Raises:
            DataError: A number is negative.
        """
        words: list[Encodable] = ["CF.RESERVE", key, not_negative("CF.RESERVE", "capacity", capacity)]
        if expansion is not None:
            words += ("EXPANSION", not_negative("CF.RESERVE", "expansion", expansion))
        if bucket_size is not None:
            words += ("BUCKETSIZE", not_negative("CF.RESERVE", "bucket_size", bucket_size))
        if max_iterations is not None:
            words += ("MAXITERATIONS", not_negative("CF.RESERVE", "max_iterations", max_iterations))
        return self._execute(_RESERVE, tuple(words), ok)

    reserve = create

    def add(self, key: Key, item: Encodable) -> Pending[int]:
        """Add an item, once more if it is there; the filter is created where it does not exist.

        Redis command: CF.ADD
        """
        return self._execute(_ADD, ("CF.ADD", key, item), to_int)

    def addnx(self, key: Key, item: Encodable) -> Pending[int]:
        """Add an item if it is not there yet; the filter is created where it does not exist.

        Redis command: CF.ADDNX

        Returns:
            1 if it was added, 0 if it was probably there.
        """
        return self._execute(_ADDNX, ("CF.ADDNX", key, item), to_int)

    def insert(
        self,
        key: Key,
        items: Sequence[Encodable],
        capacity: int | None = None,
        nocreate: bool | None = None,
    ) -> Pending[list[int]]:
        """Add several items, once more those that are there.

        Redis command: CF.INSERT

        Args:
            key: The key.
            items: What to add.
            capacity: How many items a new filter is made for.
            nocreate: Fail where the filter does not exist.

        Returns:
            For each item 1, or -1 where the filter is full.

        Raises:
            DataError: There is no item, or ``capacity`` is negative.
        """
        return self._insert(_INSERT, key, items, capacity, nocreate, inserted)

    def insertnx(
        self,
        key: Key,
        items: Sequence[Encodable],
        capacity: int | None = None,
        nocreate: bool | None = None,
    ) -> Pending[list[int]]:
        """As :meth:`insert`, without the items that are probably there already, for which it returns 0.

        Redis command: CF.INSERTNX
        """
        return self._insert(_INSERTNX, key, items, capacity, nocreate, to_ints)

    def _insert(
        self,
        command: Command,
        key: Key,
        items: Sequence[Encodable],
        capacity: int | None,
        nocreate: bool | None,
        convert: Callable[[list[Reply]], list[Any]],
    ) -> Pending[list[int]]:
        words: list[Encodable] = [command.name, key]
        if capacity is not None:
            words += ("CAPACITY", not_negative(command.name, "capacity", capacity))
        words += flag_words(nocreate=bool(nocreate))
        words += ("ITEMS", *non_empty(command.name, "items", items))
        return self._execute(command, tuple(words), convert)

    def exists(self, key: Key, item: Encodable) -> Pending[int]:
        """Tell whether an item was added: 1 means probably, 0 means certainly not.

        Redis command: CF.EXISTS
        """
        return self._execute(_EXISTS, ("CF.EXISTS", key, item), to_int)

    def mexists(self, key: Key, *items: Encodable) -> Pending[list[int]]:
        """As :meth:`exists`, for several items.

        Redis command: CF.MEXISTS

        Raises:
            DataError: There is no item.
        """
        return self._execute(_MEXISTS, ("CF.MEXISTS", key, *non_empty("CF.MEXISTS", "items", items)), to_ints)

    def delete(self, key: Key, item: Encodable) -> Pending[int]:
        """Delete an item once; what was never added must not be deleted.

        Redis command: CF.DEL

        Returns:
            1 if it was deleted, 0 if it was not there.
        """
        return self._execute(_DEL, ("CF.DEL", key, item), to_int)

    def count(self, key: Key, item: Encodable) -> Pending[int]:
        """Return how often an item is there, at most.

        Redis command: CF.COUNT
        """
        return self._execute(_COUNT, ("CF.COUNT", key, item))

    def scandump(self, key: Key, iter: int) -> Pending[tuple[int, bytes | None]]:
        """Return one piece of a filter, for :meth:`loadchunk`.

        Redis command: CF.SCANDUMP

        Args:
            key: The key.
            iter: 0 at first, then the number the call before returned.

        Returns:
            The number to go on with (0 at the end) and the piece, always in bytes.
        """
        return self._execute(_SCANDUMP, ("CF.SCANDUMP", key, iter), dump_chunk, decode=False)

    def loadchunk(self, key: Key, iter: int, data: bytes) -> Pending[AnyStr]:
        """Restore one piece that :meth:`scandump` returned.

        Redis command: CF.LOADCHUNK

        Returns:
            ``OK``.
        """
        return self._execute(_LOADCHUNK, ("CF.LOADCHUNK", key, iter, data))

    def info(self, key: Key) -> Pending[CuckooInfo]:
        """Return what there is to know about a filter.

        Redis command: CF.INFO
        """
        return self._execute(_INFO, ("CF.INFO", key), CuckooInfo.from_reply)
