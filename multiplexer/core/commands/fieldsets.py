"""What HIMPORT SET may name: lists of fields that a server keeps for one connection, while it lasts.

An application says once what a name stands for; each connection is told when it is first to carry a command with it.
On the wire a name is one that no other list of fields ever has, so that a command that was made before its name came to
stand for others cannot be filled into those.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

from ...errors import DataError
from ..types import Encodable, Key
from ..wire.resp import pack
from .command import Command
from .command_table import COMMANDS

_SET = COMMANDS["HIMPORT SET"]
#: What stands for it where its fields are known; the table refuses whoever has not said them.
IMPORT = Command(
    _SET.name, write=True, key_specs=_SET.key_specs, replay=_SET.replay, since=_SET.since, group=_SET.group
)

_revisions = count(1)


class Fieldset:
    """A list of fields by name.

    Attributes:
        name: What the application calls it.
        fields: The fields, in order.
        wire_name: What servers call it.
        preparing: The command that tells a server, packed.
        discarding: The command that has a server forget it, packed.
        current: Whether the name still stands for it.
    """

    __slots__ = ("current", "discarding", "fields", "name", "preparing", "wire_name")

    def __init__(self, name: str, fields: tuple[Encodable, ...]) -> None:
        self.name = name
        self.fields = fields
        self.wire_name = f"{name}:{next(_revisions)}"
        self.preparing = _whole(("HIMPORT", "PREPARE", self.wire_name, *fields))
        self.discarding = _whole(("HIMPORT", "DISCARD", self.wire_name))
        self.current = True


def _whole(words: tuple[Encodable, ...]) -> bytes:
    packed = pack(words)
    return packed if isinstance(packed, bytes) else b"".join(packed)


class Fieldsets:
    """The lists of fields that an application has named; each change is a single one, so no lock is needed."""

    __slots__ = ("_by_name",)

    def __init__(self) -> None:
        self._by_name: dict[str, Fieldset] = {}

    def prepare(self, name: str, fields: Iterable[Encodable]) -> None:
        """Have a name stand for fields from now on.

        Raises:
            DataError: ``name`` is no text, there is no field, or one stands there twice.
        """
        if not isinstance(name, str) or not name:
            raise DataError("HIMPORT PREPARE: fieldset_name must be text")
        if isinstance(fields, str | bytes | bytearray | memoryview):
            raise DataError("HIMPORT PREPARE: fields must be several")
        listed = tuple(fields)
        if not listed:
            raise DataError("HIMPORT PREPARE: fields must not be empty")
        made = Fieldset(name, listed)
        if len({pack((field,)) for field in listed}) < len(listed):
            raise DataError("HIMPORT PREPARE: fields must differ")
        self._retire(self._by_name.get(name))
        self._by_name[name] = made

    def words(self, key: Key, name: str, values: Iterable[Encodable]) -> tuple[Fieldset, tuple[Encodable, ...]]:
        """Return what a name stands for, and the words of HIMPORT SET with it.

        Raises:
            DataError: It stands for nothing, or there are more values than fields, or fewer.
        """
        found = self._by_name.get(name)
        if found is None:
            raise DataError("HIMPORT SET: fieldset_name was not prepared; call himport_prepare() first")
        if isinstance(values, str | bytes | bytearray | memoryview):
            raise DataError("HIMPORT SET: values must be several")
        listed = tuple(values)
        if len(listed) != len(found.fields):
            raise DataError(f"HIMPORT SET: values must be as many as the fields, {len(found.fields)}")
        return found, ("HIMPORT", "SET", key, found.wire_name, *listed)

    def discard(self, name: str) -> bool:
        """Forget a name; return whether there was one."""
        found = self._by_name.pop(name, None)
        self._retire(found)
        return found is not None

    def discard_all(self) -> int:
        """Forget all names; return how many there were."""
        return sum([self.discard(name) for name in list(self._by_name)])

    @staticmethod
    def _retire(fieldset: Fieldset | None) -> None:
        if fieldset is not None:
            fieldset.current = False
