"""Caches of replies in this process, under the names they have in redis-py and in valkey-py.

A client with ``cache_config=`` keeps what it reads in its multiplexer's cache; redis-py's classes say how much, and
show what is kept. valkey-py's cache holds what it is given and drops what it is told to, connected to no server.
"""

from __future__ import annotations

import threading
import weakref
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from copy import deepcopy
from enum import Enum, StrEnum
from random import randrange
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

from ..core.cache.store import Entry, Shelf, copied
from ..core.commands.command_table import COMMANDS, find_command
from ..core.commands.hash_slots import key_bytes
from ..core.resending import words_of
from ..core.types import Key
from ..core.wire.resp import pack
from ..drivers.at_fork import after_fork_in_child
from ..errors import ConfigurationError
from ..snapshots import snapshot_items
from .machinery.cache_key import CacheKey
from .machinery.eviction import EvictionPolicyInterface, EvictionPolicyType, LRUPolicy

if TYPE_CHECKING:
    from ..core.cache.client_cache import ClientCache

__all__ = [
    "DEFAULT_ALLOW_LIST",
    "DEFAULT_DENY_LIST",
    "DEFAULT_EVICTION_POLICY",
    "AbstractCache",
    "CacheConfig",
    "CacheEntry",
    "CacheEntryStatus",
    "CacheFactory",
    "CacheInterface",
    "CacheKey",
    "DefaultCache",
    "EvictionPolicy",
    "EvictionPolicyInterface",
    "EvictionPolicyType",
    "LRUPolicy",
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


class CacheEntryStatus(Enum):
    """How a reply fares; those that are under way are not shown."""

    VALID = "VALID"
    IN_PROGRESS = "IN_PROGRESS"


class CacheEntry(NamedTuple):
    """One reply that is kept.

    Attributes:
        cache_key: What it is found by.
        cache_value: The reply, before anything was made of it but text.
        status: How it fares.
        connection_ref: None: it came over the shared connection.
    """

    cache_key: CacheKey
    cache_value: Any
    status: CacheEntryStatus = CacheEntryStatus.VALID
    connection_ref: Any = None


class CacheInterface(ABC):
    """What programs may ask of a client's cache."""

    @property
    @abstractmethod
    def collection(self) -> OrderedDict[CacheKey, CacheEntry]:
        """What is kept."""

    @property
    @abstractmethod
    def config(self) -> CacheConfig:
        """How it was configured."""

    @property
    @abstractmethod
    def size(self) -> int:
        """How many replies are kept."""

    @abstractmethod
    def get(self, key: CacheKey) -> CacheEntry | None:
        """Return a reply that is kept."""

    @abstractmethod
    def delete_by_cache_keys(self, cache_keys: Iterable[CacheKey]) -> list[bool]:
        """Drop replies; return of each whether it was there."""

    @abstractmethod
    def delete_by_redis_keys(self, redis_keys: Iterable[Key]) -> list[bool]:
        """Drop the replies of all commands with certain keys; return True for each reply."""

    @abstractmethod
    def flush(self) -> int:
        """Drop everything; return how much it was."""

    @abstractmethod
    def is_cachable(self, key: CacheKey) -> bool:
        """Whether a command's reply may be kept."""


class CacheConfig:
    """How much a client keeps of what it reads.

    Subclasses may override :meth:`is_allowed_to_cache` to keep less.

    Args:
        max_size: The most replies.
        cache_class: Only :class:`DefaultCache`, and what is derived of it.
        eviction_policy: Only ``LRU``: what was unused for longest makes room.

    Raises:
        ConfigurationError: An argument has a value that cannot be; the message names it.
    """

    DEFAULT_MAX_SIZE = 10000
    DEFAULT_EVICTION_POLICY = EvictionPolicy.LRU
    DEFAULT_ALLOW_LIST = DEFAULT_ALLOW_LIST

    def __init__(
        self,
        max_size: int = DEFAULT_MAX_SIZE,
        cache_class: Any = None,
        eviction_policy: EvictionPolicy = DEFAULT_EVICTION_POLICY,
    ) -> None:
        if isinstance(max_size, bool) or not isinstance(max_size, int) or max_size < 1:
            raise ConfigurationError("max_size: expected a number of replies, 1 or more")
        if cache_class is not None and not (isinstance(cache_class, type) and issubclass(cache_class, DefaultCache)):
            raise ConfigurationError("cache_class: replies are kept by the multiplexer; DefaultCache shows them")
        if eviction_policy is not EvictionPolicy.LRU:
            raise ConfigurationError("eviction_policy: what was unused for longest makes room (LRU)")
        self._max_size = max_size
        self._cache_class: type[DefaultCache] = cache_class or DefaultCache

    def get_cache_class(self) -> type[DefaultCache]:
        """Return the class of the cache."""
        return self._cache_class

    @property
    def chooses(self) -> bool:
        """Whether it keeps less than could be kept."""
        is_own = type(self).is_allowed_to_cache is not CacheConfig.is_allowed_to_cache
        return is_own or self.DEFAULT_ALLOW_LIST is not CacheConfig.DEFAULT_ALLOW_LIST

    def get_max_size(self) -> int:
        """Return the most replies."""
        return self._max_size

    def get_eviction_policy(self) -> EvictionPolicy:
        """Return what makes room."""
        return EvictionPolicy.LRU

    def is_exceeds_max_size(self, count: int) -> bool:
        """Whether so many replies are too many."""
        return count > self._max_size

    def is_allowed_to_cache(self, command: str) -> bool:
        """Whether the replies of a command may be kept."""
        return command in self.DEFAULT_ALLOW_LIST


class DefaultCache(CacheInterface):
    """What a client keeps; :meth:`Redis.get_cache` returns it.

    It shows the cache of the client's multiplexer, which it knows once the client has sent something. What it returns
    are copies.

    Args:
        cache_config: How much is kept.
    """

    def __init__(self, cache_config: CacheConfig | None = None) -> None:
        self._config = cache_config or CacheConfig()
        self._kept: ClientCache[Any] | None = None
        self._shelves: tuple[Shelf, Shelf] = Shelf(True), Shelf(False)
        self._text: Callable[[Any], Any] = lambda reply: reply
        self._policy = LRUPolicy(self)

    def bind(self, kept: ClientCache[Any], database: int, read_from: Any, text: Callable[[Any], Any]) -> None:
        """Show what is kept of a database.

        Args:
            kept: The cache of a multiplexer.
            database: The number of the database.
            read_from: Where the client reads, or None.
            text: What the client makes of bytes.
        """
        self._kept = kept
        self._shelves = kept.shelves(database, read_from)
        self._text = text

    @property
    def collection(self) -> OrderedDict[CacheKey, CacheEntry]:
        return OrderedDict([(key, CacheEntry(key, self._value(entry))) for key, entry in self._live()])

    @property
    def config(self) -> CacheConfig:
        return self._config

    @property
    def eviction_policy(self) -> LRUPolicy:
        """What makes room."""
        return self._policy

    @property
    def size(self) -> int:
        return len(self._live())

    def get(self, key: CacheKey) -> CacheEntry | None:
        entry = self._find(key)
        return None if entry is None else CacheEntry(key, self._value(entry))

    def delete_by_cache_keys(self, cache_keys: Iterable[CacheKey]) -> list[bool]:
        found = [self._find(key) for key in cache_keys]
        self._discard([entry for entry in found if entry is not None])
        return [entry is not None for entry in found]

    def delete_by_redis_keys(self, redis_keys: Iterable[Key]) -> list[bool]:
        wanted = frozenset(map(_key, redis_keys))
        found = [entry for _, entry in self._live() if not wanted.isdisjoint(_names(entry))]
        self._discard(found)
        return [True] * len(found)

    def flush(self) -> int:
        found = [entry for _, entry in self._live()]
        self._discard(found)
        return len(found)

    def evict(self, count: int) -> list[CacheKey]:
        """Drop so many replies, those that have to go next; return what they were found by."""
        found = {id(entry): key for key, entry in self._live()}
        going = [] if self._kept is None else self._kept.longest_unused(found, count)
        self._discard(going)
        return [found[id(entry)] for entry in going]

    def touch(self, cache_key: CacheKey) -> bool:
        """Note that a reply was used; return whether it is kept."""
        entry = self._find(cache_key)
        if entry is None:
            return False
        entry.used = True
        return True

    def is_cachable(self, key: CacheKey) -> bool:
        return self._config.is_allowed_to_cache(key.command)

    def _value(self, entry: Entry) -> Any:
        return self._text(copied(entry.value))

    def _discard(self, entries: list[Entry]) -> None:
        if self._kept is not None:
            self._kept.discard(entries)

    def _find(self, key: CacheKey) -> Entry | None:
        words = key.redis_args or (key.command, *key.redis_keys)
        named, packed = self._shelves
        if key.command.upper() == "GET":
            entry = named.entries.get(key_bytes(words[-1]))
        else:
            payload = pack(words)
            entry = packed.entries.get(payload) if isinstance(payload, bytes) else None
        return entry if entry is not None and self._is_live(entry) else None

    def _is_live(self, entry: Entry) -> bool:
        return self._kept is not None and self._kept.is_live(entry)

    def _live(self) -> list[tuple[CacheKey, Entry]]:
        """Return what still counts; other threads may add and drop meanwhile."""
        named, packed = [snapshot_items(shelf.entries) for shelf in self._shelves]
        found: list[tuple[tuple[Any, ...], Entry]] = [(("GET", name), entry) for name, entry in named]
        found += [(tuple(words_of(sent)[0]), entry) for sent, entry in packed]
        return [(_cache_key(words, entry), entry) for words, entry in found if self._is_live(entry)]


class CacheFactory:
    """Makes caches.

    Args:
        cache_config: How much each keeps.
    """

    def __init__(self, cache_config: CacheConfig | None = None) -> None:
        self._config = cache_config or CacheConfig()

    def get_cache(self) -> DefaultCache:
        """Return a new cache."""
        return self._config.get_cache_class()(self._config)


def cache_of(cache: Any, cache_config: Any, protocol: Any) -> DefaultCache:
    """Return the cache that a client's arguments ask for, of which one is given.

    Raises:
        ConfigurationError: It cannot be had; the message names the argument.
    """
    if cache is not None and not isinstance(cache, DefaultCache):
        raise ConfigurationError(
            "cache: replies are kept by the multiplexer; expected a DefaultCache, which shows them"
        )
    if cache_config is not None and not isinstance(cache_config, CacheConfig):
        raise ConfigurationError("cache_config: expected a CacheConfig")
    if str(protocol or 3) != "3":
        raise ConfigurationError(f"{'cache_config' if cache is None else 'cache'}: caching needs protocol=3")
    return cache or CacheFactory(cache_config).get_cache()


def _cache_key(words: Sequence[Any], entry: Entry) -> CacheKey:
    shown = tuple([_shown(word) for word in words])
    return CacheKey(find_command(words).name, tuple(map(_shown, _names(entry))), shown)


def _names(entry: Entry) -> tuple[bytes, ...]:
    if isinstance(entry.names, tuple):
        return entry.names
    return (entry.names,)


def _shown(word: Any) -> Any:
    """Return a word as text where it is text."""
    try:
        return word.decode() if isinstance(word, bytes) else word
    except UnicodeDecodeError:
        return word


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
