"""What the handles of both worlds that keep replies have in common."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any, TypeGuard

from ..core.cache.client_cache import ClientCache
from ..core.cache.store import Entry
from ..core.call_options import CallOptions, with_keeping


class KeepsReplies:
    """Whether a reply that is kept will do, and under which options it is asked for; beside an executor.

    Whoever stands on it names these attributes as slots.

    Attributes:
        _keeping: The handle's options, with the reply kept.
        _named, _packed: Where replies are found by the name of a key, and by a packed command.
        _entries: What GET finds by the very words of its caller, whose keys a prefix would change.
    """

    if not TYPE_CHECKING:  # the type checker would take it that nothing can be set
        __slots__ = ()

    _options: CallOptions

    def _keep(self, cache: ClientCache[Any], age: float) -> None:
        """Keep replies in a cache, for so many seconds at most."""
        options = self._options
        self._cache = cache
        self._age = age
        self._hit = cache.hit
        self._decodes = options.decode
        self._keeping = with_keeping(options)
        self._named, self._packed = cache.shelves(options.database, options.read_from)
        self._entries: dict[Any, Entry] = {} if options.key_prefix else self._named.entries

    def _is_fresh(self, entry: Entry | None) -> TypeGuard[Entry]:
        if entry is None:
            return False
        now = monotonic()
        return now < entry.until and now - entry.born < self._age and not entry.epoch.over

    def _unkept(self, options: CallOptions) -> CallOptions:
        """Return the options of a call whose reply is not kept after all."""
        return self._options if options is self._keeping else options.replace(database=self._options.database)
