"""The handle for data that keeps replies until the server says that they have changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Self

from ..configuration.hidden import shown
from ..core.cache.client_cache import ClientCache
from ..core.cache.flights import Wanted, packed_mget
from ..core.call_options import CallOptions
from ..core.commands.arguments import some_keys
from ..core.commands.command import Command
from ..core.commands.command_table import COMMANDS
from ..core.commands.hash_slots import key_bytes
from ..core.types import AnyStr, Encodable, Key, Pending
from ..core.wire.resp import decode
from ..drivers.eventloop.fetching import Fetching
from .database import Database

_GET = COMMANDS["GET"]
_MGET = COMMANDS["MGET"]


class CachedDatabase(Fetching, Database[AnyStr]):
    """A database's handle whose reads are answered in this process where nothing has changed since.

    Whatever else it is asked for goes to the server as with any other handle.
    """

    __slots__ = ()

    @shown
    def __repr__(self) -> str:
        return f"<CachedDatabase {self.database}>"

    @property
    def _teller(self) -> ClientCache[Any]:
        return self._cache

    def _view(self, options: CallOptions) -> Self:
        return type(self)(self._driver, self._strategy, self._guard, options, self._cache, self._age)

    def _execute(
        self,
        command: Command,
        args: tuple[Encodable, ...],
        convert: Callable[[Any], Any] | None = None,
        decode: bool | None = None,
    ) -> Any:
        options = self._keeping
        if not command.lasting or options.forget:
            return super()._execute(command, args, convert, decode)
        if decode is not None and decode is not options.decode:
            options = options.replace(decode=decode)
        payload = self.pack(command, args)
        if not isinstance(payload, bytes):  # what has an argument so large is nothing to be found by
            return super()._execute(command, args, convert, decode)
        if not self._plain:
            convert = self.converter(command, convert)
        if command is _GET and len(args) == 2:
            name = options.key_prefix + key_bytes(args[1])
            return self._answer(Wanted(self._named, name, command, args, payload, (name,), options, convert))
        return self._answer(Wanted(self._packed, payload, command, args, payload, None, options, convert))

    def mget(self, keys: Key | Iterable[Key], *args: Key) -> Pending[list[AnyStr | None]]:
        """Return the values of several keys in order, None for each that does not exist or is no string.

        The server is asked for those that are not kept; so some may be older than others.

        Redis command: MGET

        Raises:
            ClusterCrossSlotError: The keys lie in several hash slots of a cluster.
            DataError: There is no key.
        """
        names: tuple[Any, ...] = some_keys("MGET", keys, args)
        options = self._keeping
        if options.forget:
            forgotten: Pending[list[Any]] = self._execute(_MGET, ("MGET", *names))
            return forgotten
        if self.is_routed:
            self._strategy.select(_MGET, options, ("MGET", *names))  # refused even where all of them are kept
        sent = [options.key_prefix + key_bytes(name) for name in names]
        values = [self._kept_value(name) for name in sent]
        missing: list[int] = [place for place, value in enumerate(values) if value is _MISSING]
        if not missing:
            self._hit()
            kept: Pending[list[Any]] = self._ready(values, options.decode, None)
            return kept

        def completed(found: list[Any]) -> list[Any]:
            complete: list[Any] = decode(values) if options.decode else list(values)
            for place, value in zip(missing, found, strict=True):
                complete[place] = value
            return complete

        words = ("MGET", *[names[place] for place in missing])
        payload = self.pack(_MGET, words)
        wanted = Wanted(
            self._packed,
            b"spread " + b"".join(payload if isinstance(payload, tuple) else (payload,)),
            _MGET,
            words,
            payload,
            tuple([sent[place] for place in missing]),
            options,
            completed,
            (self._named, self._packed),
        )
        answer: Pending[list[Any]] = self._answer(wanted)
        return answer

    def _kept_value(self, name: bytes) -> Any:
        """Return what MGET gives for a key, as far as that is kept."""
        entry = self._named.entries.get(name)
        if self._is_fresh(entry):
            entry.used = True
            return entry.value
        entry = self._packed.entries.get(packed_mget(name))
        return None if self._is_fresh(entry) else _MISSING


#: Stands for a value that is not kept.
_MISSING: Any = object()
