"""What makes room in a client's cache, in redis-py's form."""

from __future__ import annotations

from abc import ABC, abstractmethod
from enum import Enum
from typing import TYPE_CHECKING

from .cache_key import CacheKey

if TYPE_CHECKING:
    from typing import Protocol

    class Evicting(Protocol):
        """What is asked of a cache."""

        @property
        def size(self) -> int: ...
        def evict(self, count: int) -> list[CacheKey]: ...
        def touch(self, cache_key: CacheKey) -> bool: ...


class EvictionPolicyType(Enum):
    """By what a policy goes."""

    time_based = "time_based"
    frequency_based = "frequency_based"


class EvictionPolicyInterface(ABC):
    """What programs may ask of a policy."""

    @property
    @abstractmethod
    def type(self) -> EvictionPolicyType:
        """By what it goes."""

    @abstractmethod
    def evict_next(self) -> CacheKey:
        """Drop the reply that has to go next, and return what it was found by."""

    @abstractmethod
    def evict_many(self, count: int) -> list[CacheKey]:
        """Drop several replies, and return what they were found by."""

    @abstractmethod
    def touch(self, cache_key: CacheKey) -> None:
        """Note that a reply was used."""


class LRUPolicy(EvictionPolicyInterface):
    """What was unused for longest makes room; one that was used since it last came up is passed over once.

    Attributes:
        cache: The cache it is of, or None.
    """

    def __init__(self, cache: Evicting | None = None) -> None:
        self.cache = cache

    @property
    def type(self) -> EvictionPolicyType:
        return EvictionPolicyType.time_based

    def evict_next(self) -> CacheKey:
        """Drop the reply that has to go next, and return what it was found by.

        Raises:
            ValueError: There is none, or no cache.
        """
        return self.evict_many(1)[0]

    def evict_many(self, count: int) -> list[CacheKey]:
        """Drop several replies, and return what they were found by.

        Raises:
            ValueError: There are not so many, or there is no cache.
        """
        cache = self._its_cache()
        if count > cache.size:
            raise ValueError(f"count: {count} are more than the {cache.size} replies that are kept")
        return cache.evict(count)

    def touch(self, cache_key: CacheKey) -> None:
        """Note that a reply was used.

        Raises:
            ValueError: It is not kept, or there is no cache.
        """
        if not self._its_cache().touch(cache_key):
            raise ValueError("cache_key: the cache does not keep it")

    def _its_cache(self) -> Evicting:
        if self.cache is None:
            raise ValueError("the policy belongs to no cache")
        return self.cache
