# Generated from multiplexer/compat/asyncio/caching_lane.py by scripts/generate_blocking.py; change that file instead.
"""How the commands of clients that keep what they read go over shared connections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...core.commands.words import split_words
from ..cache import DefaultCache
from ..machinery.load_balancing import LoadBalancingStrategy
from ..machinery.responses import CALL, ResponseCallbacks
from .shared_lane import SharedLane, StandaloneLane
from .slot_lane import SlotLane

if TYPE_CHECKING:
    from ...blocking import Database


class _Caching(SharedLane):
    """Keeps what is read, as far as the configuration wants it kept; stands before a lane that would not."""

    def _keep(self, cache: DefaultCache, other: SharedLane) -> None:
        """Keep what is read from now on.

        Args:
            cache: What shows the client's programs what is kept.
            other: Takes what is not to be kept.
        """
        self._cache = cache
        #: None where nobody chooses.
        self._other = other if cache.config.chooses else None

    def _connected(self) -> Database[Any]:
        database = super()._connected()
        mux = self._pool.get_multiplexer()
        options = database._options
        self._cache.bind(mux.client_cache, options.database, options.read_from, self._text)
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


class CachingLane(_Caching, StandaloneLane):
    """The lane of a client of one server.

    Args:
        pool: A pool that ``is_multiplexed``, and has a cache.
    """

    def __init__(self, pool: Any) -> None:
        super().__init__(pool)
        self._keep(pool.cache, StandaloneLane(pool))


class CachingSlotLane(_Caching, SlotLane):
    """The lane of what has keys, of a cluster's client.

    Args:
        pool: A cluster's pool that ``is_multiplexed``, and has a cache.
        strategy: Who answers reads; None for the primaries.
    """

    def __init__(self, pool: Any, strategy: LoadBalancingStrategy | None) -> None:
        super().__init__(pool, strategy)
        self._keep(pool.cache, SlotLane(pool, strategy))
