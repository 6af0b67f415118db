"""Where kept replies lie: found by one look into a dict, dropped by key, and bounded in bytes.

Finding one takes no lock. Whatever changes the store is called under its owner's lock, which may be entered again by
the thread that has it: a finalizer or signal handler that writes in the middle of a change. What that drops waits for
the end of the change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from sys import maxsize
from typing import Any

#: What an entry takes beside its key and value: itself, its places in dicts, its numbers.
OVERHEAD = 300
#: A value above this part of the bound is not kept: it would push out too much.
LARGEST_PART = 16
#: So many entries are looked through at a time for those that have ended.
SLICE = 500

#: What need not be copied, as nobody can change it.
_UNCHANGEABLE = (bytes, int, float, bool, str, type(None))


class Epoch:
    """A time during which a connection was told of every change: entries of one that is over count no more.

    Attributes:
        over: Whether it has ended.
    """

    __slots__ = ("over",)

    def __init__(self) -> None:
        self.over = False


class Entry:
    """One kept reply.

    Attributes:
        value: The raw reply. Nobody who may change it has it.
        until: Time of the driver's clock at which it ends.
        born: When it was asked for.
        epoch: The time during which somebody says if it changes.
        used: Whether it was used since it last came up for eviction.
        shelf: Where it is found; None once it was dropped.
        key: By what it is found there.
        names: Its key in the database, or several of them.
        size: Bytes it counts for.
        older, newer: Its neighbours in the order of eviction.
    """

    __slots__ = ("born", "epoch", "key", "names", "newer", "older", "shelf", "size", "until", "used", "value")

    def __init__(
        self,
        shelf: Shelf | None,
        key: bytes,
        names: bytes | tuple[bytes, ...],
        value: Any,
        born: float,
        until: float,
        epoch: Epoch,
    ) -> None:
        self.shelf = shelf
        self.key = key
        self.names = names
        self.value = value
        self.born = born
        self.until = until
        self.epoch = epoch
        self.used = False
        self.size = OVERHEAD + len(key) + weight(value)
        self.older: Entry | None = None
        self.newer: Entry | None = None

    def is_live(self, now: float) -> bool:
        """Whether it counts still, by the driver's clock; hits look for themselves."""
        return now < self.until and not self.epoch.over


class Shelf:
    """Entries that are found by keys of one kind.

    Attributes:
        entries: By key.
        flights: Fetches under way, by key; see :mod:`.flights`.
        by_name: Whether the keys are those of the database, as they are for GET; else packed commands.
    """

    __slots__ = ("by_name", "entries", "flights")

    def __init__(self, by_name: bool) -> None:
        self.by_name = by_name
        self.entries: dict[bytes, Entry] = {}
        self.flights: dict[bytes, Any] = {}


class Store:
    """All entries of one multiplexer.

    The longest unused goes first: one that was used since it last came up is passed over once.

    Attributes:
        bytes: What the entries come to.
        count: How many there are.
        stored, evicted, refused: How many were taken, made room for others, and were too large.
    """

    def __init__(self, most: int, most_entries: int = 0) -> None:
        self._most = most
        self._most_entries = most_entries or maxsize
        self._named: list[Shelf] = []
        self.stored = self.evicted = self.refused = 0
        self.forget()

    def forget(self) -> None:
        """Begin anew, whatever was half done; the shelves have been emptied.

        A thread of the parent may have been in the middle of a change when it forked.
        """
        self._by_name: dict[bytes, Entry | set[Entry]] = {}
        self._ends = Entry(None, b"", b"", None, 0.0, 0.0, Epoch())
        self._ends.older = self._ends.newer = self._ends
        self._busy = False
        self._postponed: list[bytes] = []
        self.bytes = self.count = 0

    def make_shelf(self, by_name: bool) -> Shelf:
        """Make a place for entries that are found by keys of one kind."""
        shelf = Shelf(by_name)
        if by_name:
            self._named = [*self._named, shelf]
        return shelf

    # -- changes ---------------------------------------------------------------------------------------

    def limit(self, most: int, most_entries: int = 0) -> None:
        """Take another bound in bytes, and in entries; 0 for none."""
        self._most = most
        self._most_entries = most_entries or maxsize
        self._evict()

    def add(self, entry: Entry) -> None:
        """Take an entry, in the place of one that has the same key."""
        if entry.size > self._most // LARGEST_PART:
            self.refused += 1
            return
        shelf = entry.shelf
        assert shelf is not None
        self._busy = True
        try:
            before = shelf.entries.get(entry.key)
            if before is not None:
                self.remove(before)
            shelf.entries[entry.key] = entry
            if not shelf.by_name:
                self._index(entry)
            self._append(entry)
            self.bytes += entry.size
            self.count += 1
            self.stored += 1
            self._evict()
        finally:
            self._busy = False
        if self._postponed:
            names, self._postponed = self._postponed, []
            self.drop(names)

    def drop(self, names: Iterable[bytes]) -> int:
        """Drop every entry with one of these keys, whatever its database; return how many there were."""
        if self._busy:
            self._postponed += names
            return 0
        dropped = 0
        for name in names:
            for shelf in self._named:
                entry = shelf.entries.get(name)
                if entry is not None:
                    self.remove(entry)
                    dropped += 1
            found = self._by_name.get(name)
            if found is not None:
                for entry in (found,) if isinstance(found, Entry) else tuple(found):
                    self.remove(entry)
                    dropped += 1
        return dropped

    def in_order(self) -> Iterator[Entry]:
        """Yield all entries, those first that come up for eviction next; nothing must change meanwhile."""
        entry = self._ends.newer
        while entry is not None and entry is not self._ends:
            yield entry
            entry = entry.newer

    def sweep(self, now: float) -> Iterator[None]:
        """Remove what has ended, slice by slice; each slice is to be done under the lock."""
        entry = self._ends.newer
        done = 0
        while entry is not None and entry is not self._ends:
            following = entry.newer
            if not entry.is_live(now):
                self.remove(entry)
            done += 1
            if done % SLICE == 0:
                yield
                if following is not None and following.shelf is None and following is not self._ends:
                    return  # it was dropped meanwhile: the next sweep goes on
            entry = following

    # -- parts -----------------------------------------------------------------------------------------

    def _index(self, entry: Entry) -> None:
        for name in (entry.names,) if isinstance(entry.names, bytes) else entry.names:
            found = self._by_name.get(name)
            if found is None:
                self._by_name[name] = entry
            elif isinstance(found, Entry):
                self._by_name[name] = {found, entry}
            else:
                found.add(entry)

    def remove(self, entry: Entry) -> None:
        """Drop one entry; nothing happens where that was done."""
        shelf = entry.shelf
        if shelf is None:
            return
        entry.shelf = None
        if shelf.entries.get(entry.key) is entry:
            del shelf.entries[entry.key]
        if not shelf.by_name:
            self._unindex(entry)
        older, newer = entry.older, entry.newer
        assert older is not None
        assert newer is not None
        older.newer, newer.older = newer, older
        entry.older = entry.newer = None
        self.bytes -= entry.size
        self.count -= 1

    def _unindex(self, entry: Entry) -> None:
        for name in (entry.names,) if isinstance(entry.names, bytes) else entry.names:
            found = self._by_name.get(name)
            if found is entry:
                del self._by_name[name]
            elif isinstance(found, set):
                found.discard(entry)
                if len(found) == 1:
                    self._by_name[name] = found.pop()

    def _append(self, entry: Entry) -> None:
        """Make an entry the last to be evicted."""
        last = self._ends.older
        assert last is not None
        entry.older, entry.newer = last, self._ends
        last.newer = self._ends.older = entry

    def _evict(self) -> None:
        """Make room until the bound is kept."""
        while self.bytes > self._most or self.count > self._most_entries:
            entry = self._ends.newer
            assert entry is not None
            assert entry.older is not None
            assert entry.newer is not None
            if entry.used and not entry.epoch.over:
                entry.used = False
                entry.older.newer, entry.newer.older = entry.newer, entry.older
                self._append(entry)
            else:
                self.remove(entry)
                self.evicted += 1


def weight(value: Any) -> int:
    """Return about how many bytes a reply takes."""
    if isinstance(value, bytes | str):
        return 40 + len(value)
    if isinstance(value, dict):
        return 64 + sum([32 + weight(key) + weight(each) for key, each in value.items()])
    if isinstance(value, list | tuple | set | frozenset):
        return 56 + sum([8 + weight(each) for each in value])
    return 32


def copied(value: Any) -> Any:
    """Return a reply that its taker may change; what nobody can change is shared."""
    if isinstance(value, _UNCHANGEABLE):
        return value
    if isinstance(value, list):
        return [each if isinstance(each, _UNCHANGEABLE) else copied(each) for each in value]
    if isinstance(value, dict):
        return {key: each if isinstance(each, _UNCHANGEABLE) else copied(each) for key, each in value.items()}
    if isinstance(value, set):
        return set(value)
    return value
