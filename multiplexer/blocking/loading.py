# Generated from multiplexer/asyncio/loading.py by scripts/generate_blocking.py; change that file instead.
"""Values that are made where they are missing: what a database offers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, overload

from ..core.types import AnyStr, Encodable, Key
from ..errors import DataError
from ..importing import importing
from .handle import Handle

if TYPE_CHECKING:
    from ..core.cache.client_cache import ClientCache


class LoadCommands(Handle[AnyStr]):
    """What a database offers for values that are made where they are missing."""

    __slots__ = ()

    @property
    def _teller(self) -> ClientCache[Any] | None:
        """What is told of changes of keys, or None."""
        return None

    @overload
    def get_or_load(
        self,
        key: Key,
        *,
        loader: Callable[[], Encodable | Encodable],
        ttl: float,
        negative_ttl: float | None = ...,
        beta: float = ...,
        load_timeout: float = ...,
    ) -> AnyStr: ...

    @overload
    def get_or_load(
        self,
        key: Key,
        *,
        loader: Callable[[], Encodable | None | Encodable | None],
        ttl: float,
        negative_ttl: float | None = ...,
        beta: float = ...,
        load_timeout: float = ...,
    ) -> AnyStr | None: ...

    def get_or_load(
        self,
        key: Key,
        *,
        loader: Callable[[], Any],
        ttl: float,
        negative_ttl: float | None = None,
        beta: float = 0.0,
        load_timeout: float = 10.0,
    ) -> Any:
        """Return the value of ``key``; where there is none have it made, by one caller of all who ask for it.

        Whoever comes meanwhile waits for that one, in this process and in others. Deleting or writing the key while its
        value is made is heeded: what comes of the loader then is returned to those who had asked, and not kept.

        Redis commands: GET, SET, EVALSHA

        Args:
            key: The key.
            loader: Makes the value: a function without arguments, or a function. None stands for no value.
            ttl: Seconds for which the value is kept.
            negative_ttl: Seconds for which it is kept that there is none; with None it is not, and the next caller has
                the loader called again.
            beta: With more than 0, a caller now and then makes a new value before the old one expires, the likelier the
                nearer that is and the longer the loader takes; 1 is the best guess. Others get the old one meanwhile.
                Such a value has a header under its key, which only this method takes off.
            load_timeout: Seconds after which a loader that has not returned counts as dead, and another caller takes
                its place.

        Returns:
            The value as GET returns it, None where there is none.

        Raises:
            DataError: An argument makes no sense, the loader returned what cannot be kept, or it asks for its own key.
            WrongTypeError: The key does not hold a string.
            RedisError: The server could not be asked.
            Exception: What the loader raised; so do those callers of this process who had waited for it.
        """
        if not callable(loader):
            raise DataError(f"get_or_load: loader must be a function, not {loader!r}")
        with importing:
            from .loader import load_value

        return load_value(self, self._teller, key, loader, ttl, negative_ttl, beta, load_timeout)
