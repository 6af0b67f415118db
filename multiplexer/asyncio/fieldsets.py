"""Hashes that share their fields: HIMPORT, whose lists of fields servers keep for one connection each."""

from __future__ import annotations

from collections.abc import Iterable

from ..core.call_options import prepared
from ..core.commands.command import Command
from ..core.commands.fieldsets import IMPORT
from ..core.preparation import Prepares
from ..core.results.common import ok
from ..core.types import AnyStr, Encodable, Key, Payload, Pending
from ..drivers.eventloop import Executor
from .handle import Handle


class _Importing(Executor):
    """Sends a command over a connection that was told of its fields."""

    __slots__ = ()

    def pack(self, command: Command, args: tuple[Encodable, ...], shared: bool = False) -> Payload:
        return super().pack(command, args, True)  # one of its own would have to be told anew each time


class FieldsetCommands(Handle[AnyStr]):
    """The commands of HIMPORT; the names it is given hold for all handles of the multiplexer, on every connection."""

    __slots__ = ()

    def himport_prepare(self, fieldset_name: str, fields: Iterable[Encodable]) -> bool:
        """Have a name stand for fields from now on, in place of those it stood for before; nothing is sent yet.

        Each connection is told when it is first to carry a command with it, and again after a reconnect.

        Redis command: HIMPORT PREPARE (Redis 8.10)

        Args:
            fieldset_name: The name for :meth:`himport_set`.
            fields: The fields, in the order their values will have.

        Raises:
            DataError: The name is no text, there is no field, or one stands there twice.
        """
        self._guard.fieldsets.prepare(fieldset_name, fields)
        return True

    def himport_set(self, key: Key, fieldset_name: str, values: Iterable[Encodable]) -> Pending[bool]:
        """Set a hash, in place of any there was: the fields a name stands for, with these values in their order.

        Where the server has forgotten the fields it is told once more, and the command sent again.

        Redis command: HIMPORT SET (Redis 8.10)

        Args:
            key: The hash's key.
            fieldset_name: What was given to :meth:`himport_prepare`.
            values: A value for each of its fields.

        Raises:
            CommandDisabledError: A proxy stands before the servers, whose connections are not its callers' own.
            DataError: The name was not prepared, or the values are not as many as its fields.
            WrongTypeError: The key holds another kind of value.
        """
        fieldset, words = self._guard.fieldsets.words(key, fieldset_name, values)
        options = prepared(self._options, Prepares(fieldset))
        sent: Pending[bool] = _Importing(self._driver, self._strategy, self._guard, options)._execute(IMPORT, words, ok)
        return sent

    def himport_discard(self, fieldset_name: str) -> int:
        """Forget a name; connections that were told of it have their servers forget it as they are told of another.

        Redis command: HIMPORT DISCARD (Redis 8.10)

        Returns:
            1, or 0 where there was none.
        """
        return int(self._guard.fieldsets.discard(fieldset_name))

    def himport_discard_all(self) -> int:
        """Forget all names; else as :meth:`himport_discard`.

        Redis command: HIMPORT DISCARDALL (Redis 8.10)

        Returns:
            How many there were.
        """
        return self._guard.fieldsets.discard_all()
