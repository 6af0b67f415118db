"""A bounded cache of replies in this process, as valkey-py has it.

It holds what it is given and drops what it is told to; it is not connected to a server by itself.
"""

from __future__ import annotations

import threading
import weakref
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Sequence
from copy import deepcopy
from enum import StrEnum
from random import randrange
from time import monotonic
from typing import Any, NamedTuple

from ..core.commands.command_table import COMMANDS
from ..core.types import Key
from ..drivers.at_fork import after_fork_in_child
from ..errors import ConfigurationError

__all__ = [
    "DEFAULT_ALLOW_LIST",
    "DEFAULT_DENY_LIST",
    "DEFAULT_EVICTION_POLICY",
    "AbstractCache",
    "EvictionPolicy",
    "LocalCache",
]

#: A command with its arguments, as one text or word by word.
CachedCommand = str | Sequence[Any]


class EvictionPolicy(StrEnum):
    """What makes room in a full cache."""

    LRU = "lru"
    """What was not used for the longest time."""
    LFU = "lfu"
    """What was used the fewest times; of several, what was not used for the longest time."""
    RANDOM = "random"
    """Anything."""


DEFAULT_EVICTION_POLICY = EvictionPolicy.LRU

#: Commands whose replies hold for as long as their keys are not changed.
DEFAULT_ALLOW_LIST = sorted(name for name, command in COMMANDS.items() if command.lasting)
#: Commands that only read, and whose replies must not be kept all the same.
DEFAULT_DENY_LIST = sorted(
    name for name, command in COMMANDS.items() if command.read_only and name not in DEFAULT_ALLOW_LIST
)


class AbstractCache(ABC):
    """What a cache of replies can do."""

    @abstractmethod
    def set(self, command: CachedCommand, response: Any, keys_in_command: Iterable[Key]) -> None:
        """Keep a command's reply, until one of its keys is changed."""

    @abstractmethod
    def get(self, command: CachedCommand) -> Any:
        """Return a command's reply, None where there is none."""

    @abstractmethod
    def delete_command(self, command: CachedCommand) -> None:
        """Drop a command's reply."""

    @abstractmethod
    def delete_commands(self, commands: Iterable[CachedCommand]) -> None:
        """Drop the replies of several commands."""

    @abstractmethod
    def flush(self) -> None:
        """Drop everything."""

    @abstractmethod
    def invalidate_key(self, key: Key) -> None:
        """Drop the replies of all commands with a certain key."""


class LocalCache(AbstractCache):
    """Replies by command, up to a number and an age. It may be shared by threads.

    What it returns is a copy: changing it changes nothing in the cache.

    Args:
        max_size: The most replies it holds.
        ttl: Seconds for which it holds each; 0 for as long as there is room.
        eviction_policy: What makes room.

    Raises:
        ConfigurationError: ``max_size`` is below 1, or ``ttl`` below 0.
    """

    def __init__(
        self,
        max_size: int = 10000,
        ttl: float = 0,
        eviction_policy: EvictionPolicy | str = DEFAULT_EVICTION_POLICY,
    ) -> None:
        if isinstance(max_size, bool) or not isinstance(max_size, int) or max_size < 1:
            raise ConfigurationError("max_size: expected a number of replies, 1 or more")
        if isinstance(ttl, bool) or not isinstance(ttl, int | float) or not ttl >= 0:
            raise ConfigurationError("ttl: expected a number of seconds, 0 or more")
        try:
            self.eviction_policy = EvictionPolicy(eviction_policy)
        except ValueError:
            words = ", ".join(policy.value for policy in EvictionPolicy)
            raise ConfigurationError(f"eviction_policy: expected one of {words}") from None
        self.max_size = max_size
        self.ttl = ttl
        self._forget()
        _caches.add(self)

    def _forget(self) -> None:
        """Begin anew; also in the child of a fork, which does not hear of what the parent is told has changed."""
        #: Guards the entries, their order and the index by keys, which change together. Re-entrant for finalizers.
        self._lock = threading.RLock()
        self.flush()

    def __len__(self) -> int:
        return len(self._entries)

    def set(self, command: CachedCommand, response: Any, keys_in_command: Iterable[Key]) -> None:
        name = _name(command)
        keys = frozenset(map(_key, keys_in_command))
        entry = _Entry(deepcopy(response), keys, monotonic() + self.ttl if self.ttl else float("inf"))
        with self._lock:
            self._drop(name)
            while len(self._entries) >= self.max_size:
                self._drop(self._order.next())
            self._entries[name] = entry
            self._order.add(name)
            for key in keys:
                self._commands_of.setdefault(key, set()).add(name)

    def get(self, command: CachedCommand) -> Any:
        name = _name(command)
        with self._lock:
            entry = self._entries.get(name)
            if entry is None:
                return None
            if entry.expires <= monotonic():
                self._drop(name)
                return None
            self._order.use(name)
        return deepcopy(entry.response)

    def delete_command(self, command: CachedCommand) -> None:
        with self._lock:
            self._drop(_name(command))

    def delete_commands(self, commands: Iterable[CachedCommand]) -> None:
        for command in commands:
            self.delete_command(command)

    def flush(self) -> None:
        with self._lock:
            self._entries: dict[Hashable, _Entry] = {}
            self._commands_of: dict[bytes, set[Hashable]] = {}
            self._order: _Order = _ORDERS[self.eviction_policy]()

    def invalidate_key(self, key: Key) -> None:
        with self._lock:
            for name in tuple(self._commands_of.get(_key(key), ())):
                self._drop(name)

    def _drop(self, name: Hashable) -> None:
        """Drop an entry if it is there; to be called under the lock."""
        entry = self._entries.pop(name, None)
        if entry is None:
            return
        self._order.remove(name)
        for key in entry.keys:
            commands = self._commands_of[key]
            commands.discard(name)
            if not commands:
                del self._commands_of[key]


class _Entry(NamedTuple):
    response: Any
    keys: frozenset[bytes]
    expires: float


def _name(command: CachedCommand) -> Hashable:
    return command if isinstance(command, str) else tuple(command)


def _key(key: Key) -> bytes:
    return key.encode() if isinstance(key, str) else bytes(key)


class _Order(ABC):
    """Which entry has to make room next."""

    @abstractmethod
    def add(self, name: Hashable) -> None:
        """Take in a new entry."""

    @abstractmethod
    def use(self, name: Hashable) -> None:
        """Note that an entry was used."""

    @abstractmethod
    def remove(self, name: Hashable) -> None:
        """Forget an entry."""

    @abstractmethod
    def next(self) -> Hashable:
        """Return the entry that has to go."""


class _LeastRecentlyUsed(_Order):
    def __init__(self) -> None:
        self._names: OrderedDict[Hashable, None] = OrderedDict()

    def add(self, name: Hashable) -> None:
        self._names[name] = None

    def use(self, name: Hashable) -> None:
        self._names.move_to_end(name)

    def remove(self, name: Hashable) -> None:
        del self._names[name]

    def next(self) -> Hashable:
        return next(iter(self._names))


class _LeastFrequentlyUsed(_Order):
    """Entries in groups by the number of their uses, each group with the longest unused first."""

    def __init__(self) -> None:
        self._uses: dict[Hashable, int] = {}
        self._groups: dict[int, OrderedDict[Hashable, None]] = {}
        self._fewest = 0

    def add(self, name: Hashable) -> None:
        self._put(name, 0)
        self._fewest = 0

    def use(self, name: Hashable) -> None:
        uses = self._uses[name]
        self.remove(name)
        self._put(name, uses + 1)

    def _put(self, name: Hashable, uses: int) -> None:
        self._uses[name] = uses
        self._groups.setdefault(uses, OrderedDict())[name] = None

    def remove(self, name: Hashable) -> None:
        uses = self._uses.pop(name)
        group = self._groups[uses]
        del group[name]
        if not group:
            del self._groups[uses]

    def next(self) -> Hashable:
        while self._fewest not in self._groups:
            # Groups below were emptied; looking further up costs no more than the uses that led there.
            self._fewest = self._fewest + 1 if self._fewest + 1 in self._groups else min(self._groups)
        return next(iter(self._groups[self._fewest]))


class _Random(_Order):
    """Entries in a list, and their places, so that any can be found and removed at once."""

    def __init__(self) -> None:
        self._names: list[Hashable] = []
        self._places: dict[Hashable, int] = {}

    def add(self, name: Hashable) -> None:
        self._places[name] = len(self._names)
        self._names.append(name)

    def use(self, name: Hashable) -> None:
        pass

    def remove(self, name: Hashable) -> None:
        place, last = self._places.pop(name), self._names.pop()
        if last != name:
            self._names[place] = last
            self._places[last] = place

    def next(self) -> Hashable:
        return self._names[randrange(len(self._names))]


_ORDERS: dict[EvictionPolicy, type[_Order]] = {
    EvictionPolicy.LRU: _LeastRecentlyUsed,
    EvictionPolicy.LFU: _LeastFrequentlyUsed,
    EvictionPolicy.RANDOM: _Random,
}

_caches: weakref.WeakSet[LocalCache] = weakref.WeakSet()


def _forget_all() -> None:
    for cache in tuple(_caches):
        cache._forget()


after_fork_in_child(_forget_all)
