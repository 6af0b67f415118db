# Generated from multiplexer/compat/asyncio/caching_lane.py by scripts/generate_blocking.py; change that file instead.
"""How the commands of a client that keeps what it reads go over the shared connection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...core.commands.words import split_words
from ..cache import CacheConfig, DefaultCache
from ..machinery.responses import CALL, ResponseCallbacks
from .shared_lane import StandaloneLane

if TYPE_CHECKING:
    from ...blocking import Database


class CachingLane(StandaloneLane):
    """Keeps what is read, as far as the configuration wants it kept.

    Args:
        pool: A pool that ``is_multiplexed``.
        cache: What shows the client's programs what is kept.
    """

    def __init__(self, pool: Any, cache: DefaultCache) -> None:
        super().__init__(pool)
        self._cache = cache
        chooses = type(cache.config).is_allowed_to_cache is not CacheConfig.is_allowed_to_cache
        chooses = chooses or cache.config.DEFAULT_ALLOW_LIST is not CacheConfig.DEFAULT_ALLOW_LIST
        #: Takes what is not to be kept; None where nobody chooses.
        self._other = StandaloneLane(pool) if chooses else None

    def _connected(self) -> Database[Any]:
        database = super()._connected()
        mux = self._pool.get_multiplexer()
        self._cache.bind(mux.client_cache, database.database, self._text)
        self._database = database.with_options(cached=True)
        return self._database

    def _text(self, reply: Any) -> Any:
        encoder = self._encoder
        return encoder.decode(reply, force=True) if encoder.decode_responses else reply

    def execute(self, callbacks: ResponseCallbacks, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        if self._other is not None:
            call = options.get(CALL)
            command = split_words(args)[0] if call is None else call[0]
            if not self._cache.config.is_allowed_to_cache(command.name):
                return self._other.execute(callbacks, args, options)
        return super().execute(callbacks, args, options)
