# Generated from multiplexer/compat/asyncio/module_groups.py by scripts/generate_blocking.py; change that file instead.
"""The modules' groups of commands in redis-py's form: with what it has beside the commands, and as lenient."""

from __future__ import annotations

from collections.abc import Sequence
from json import JSONEncoder
from typing import TYPE_CHECKING, Any, ClassVar

from ...blocking.commands.modules.bloom import BloomCommands
from ...blocking.commands.modules.count_min_sketch import CountMinSketchCommands
from ...blocking.commands.modules.cuckoo import CuckooCommands
from ...blocking.commands.modules.group import ModuleGroup
from ...blocking.commands.modules.json import JsonCommands
from ...blocking.commands.modules.search import SearchCommands
from ...blocking.commands.modules.t_digest import TDigestCommands
from ...blocking.commands.modules.time_series import TimeSeriesCommands
from ...blocking.commands.modules.top_k import TopKCommands
from ...core.commands.command import Command
from ...core.results.common import to_floats
from ...core.types import Encodable, Key
from ..machinery.fpha import FPHAType
from ..machinery.helpers import warn_deprecated

if TYPE_CHECKING:
    from ...blocking.commands.surface import CommandSurface


class _Group(ModuleGroup[Any]):
    """What redis-py's groups have beside their commands."""

    __slots__ = ()

    @property
    def client(self) -> Any:
        """The client the commands are sent through."""
        return self._client

    def execute_command(self, *args: Any, **options: Any) -> Any:
        """Send a command through the client."""
        return self._client.execute_command(*args, **options)


class BFBloom(_Group, BloomCommands[Any]):
    """The commands on Bloom filters."""

    __slots__ = ()


class CFBloom(_Group, CuckooCommands[Any]):
    """The commands on Cuckoo filters."""

    __slots__ = ()


class CMSBloom(_Group, CountMinSketchCommands[Any]):
    """The commands on Count-Min sketches."""

    __slots__ = ()


class TDigestBloom(_Group, TDigestCommands[Any]):
    """The commands on t-digests."""

    __slots__ = ()

    def _by_rank(self, command: Command, key: Key, ranks: Sequence[int]) -> list[float]:
        return self._execute(command, (command.name, key, *ranks), to_floats)  # the server says which cannot be


class TOPKBloom(_Group, TopKCommands[Any]):
    """The commands on lists of the most frequent items."""

    __slots__ = ()

    def count(self, key: Key, *items: Encodable) -> list[int]:
        """Return how often items were added, more or less; deprecated by the server.

        Redis command: TOPK.COUNT
        """
        warn_deprecated("count", "deprecated since redisbloom 2.4.0", "4.4.0", stacklevel=3)
        return super().count(key, *items)


class TimeSeries(_Group, TimeSeriesCommands[Any]):
    """The commands on time series."""

    __slots__ = ()


class JSON(_Group, JsonCommands[Any]):
    """The commands on JSON documents."""

    __slots__ = ()

    def __init__(self, client: CommandSurface[Any], encoder: Any = None, decoder: Any = None) -> None:
        super().__init__(client, JSONEncoder() if encoder is None else encoder, decoder)

    def set(
        self,
        name: Key,
        path: str,
        obj: Any,
        nx: bool | None = False,
        xx: bool | None = False,
        decode_keys: bool | None = False,
        fpha: Any = None,
    ) -> bool | None:
        """Set what is at ``path`` of a document; see :meth:`JsonCommands.set`.

        Redis command: JSON.SET

        Raises:
            DataError: ``fpha`` is no :class:`FPHAType`, or ``nx`` and ``xx`` are both given.
            TypeError: ``obj`` is nothing the encoder takes.
        """
        kept_as = None if fpha is None else FPHAType.from_value(fpha)
        return super().set(name, path, obj, nx, xx, decode_keys, kept_as)

    def nummultby(self, name: Key, path: str, number: float) -> Any:
        """Multiply numbers; return the new ones; deprecated by the server.

        Redis command: JSON.NUMMULTBY
        """
        warn_deprecated("nummultby", "deprecated since redisjson 1.0.0", "4.0.0", stacklevel=3)
        return super().nummultby(name, path, number)

    def jsonget(self, name: Key, *args: str, no_escape: bool | None = False) -> Any:
        """The old name of :meth:`get`."""
        warn_deprecated("jsonget", "redisjson-py supported this, call get directly.", "4.0.0", stacklevel=3)
        return self.get(name, *args, no_escape=no_escape)

    def jsonmget(self, keys: Sequence[Key], path: str) -> list[Any]:
        """The old name of :meth:`mget`."""
        warn_deprecated("jsonmget", "redisjson-py supported this, call mget directly.", "4.0.0", stacklevel=3)
        return self.mget(keys, path)

    def jsonset(
        self,
        name: Key,
        path: str,
        obj: Any,
        nx: bool | None = False,
        xx: bool | None = False,
        decode_keys: bool | None = False,
        fpha: Any = None,
    ) -> bool | None:
        """The old name of :meth:`set`."""
        warn_deprecated("jsonset", "redisjson-py supported this, call set directly.", "4.0.0", stacklevel=3)
        return self.set(name, path, obj, nx, xx, decode_keys, fpha)

    def _encode(self, command: str, argument: str, value: Any) -> str:
        """Return a value as JSON text; what the encoder does not take raises as the encoder does."""
        encoded: str = self._encoder.encode(value)
        return encoded

    def _encode_all(self, command: str, values: Sequence[Any]) -> list[str]:
        """Return values as JSON text; the server is left to say that there are none."""
        return [self._encode(command, "args", value) for value in values]


class BatchIndexer:
    """Adds documents to an index, so many at a time; the last ones with :meth:`commit`. Get it from the group.

    Args:
        client: The group.
        chunk_size: How many to send together.

    Attributes:
        client, chunk_size: As given.
        total: How many were added.
        current_chunk: How many of them are still to be sent.
    """

    def __init__(self, client: Search, chunk_size: int = 1000) -> None:
        self.client = client
        self.chunk_size = chunk_size
        self.total = 0
        self.current_chunk = 0
        self._pipeline = client.client.pipeline(False)

    def add_document(
        self,
        doc_id: Key,
        nosave: bool = False,
        score: float = 1.0,
        payload: Encodable | None = None,
        replace: bool = False,
        partial: bool = False,
        no_create: bool = False,
        **fields: Encodable,
    ) -> None:
        """Add a document; see :meth:`Search.add_document`."""
        words = self.client._document(doc_id, nosave, score, payload, replace, partial, None, no_create, fields)
        self._add(words)

    def add_document_hash(self, doc_id: Key, score: float = 1.0, replace: bool = False) -> None:
        """Add a hash; see :meth:`Search.add_document_hash`."""
        self._add(self.client._hash(doc_id, score, None, replace))

    def _add(self, words: list[Encodable]) -> None:
        self._pipeline.execute_command(*words)
        self.total += 1
        self.current_chunk += 1
        if self.current_chunk >= self.chunk_size:
            self.commit()

    def commit(self) -> None:
        """Send what is still to be sent.

        Raises:
            RedisError: It could not be sent, or a document was refused.
        """
        self._pipeline.execute()
        self.current_chunk = 0


class Search(_Group, SearchCommands[Any]):
    """The commands of the search engine, on one index."""

    __slots__ = ()

    BatchIndexer: ClassVar[type[BatchIndexer]] = BatchIndexer

    def batch_indexer(self, chunk_size: int = 100) -> Any:
        """Return what adds documents, so many at a time."""
        return self.BatchIndexer(self, chunk_size)

    def add_document(
        self,
        doc_id: Key,
        nosave: bool = False,
        score: float = 1.0,
        payload: Encodable | None = None,
        replace: bool = False,
        partial: bool = False,
        language: str | None = None,
        no_create: bool = False,
        **fields: Encodable,
    ) -> Any:
        """Save a document and have it indexed; deprecated by the server in favour of HSET.

        Redis command: FT.ADD

        Args:
            doc_id: The document's key.
            nosave: Index it without saving it.
            score: Its score, between 0 and 1.
            payload: What to keep beside it.
            replace: Whether there may be such a document, which it replaces …
            partial: … keeping fields that are not given …
            language: Its language.
            no_create: … and whether there must be.
            fields: Its fields.
        """
        _warn_of("add_document", ", call hset instead")
        return self.execute_command(
            *self._document(doc_id, nosave, score, payload, replace, partial, language, no_create, fields)
        )

    def add_document_hash(
        self, doc_id: Key, score: float = 1.0, language: str | None = None, replace: bool = False
    ) -> Any:
        """Have a hash indexed; deprecated by the server, whose indexes find hashes by themselves.

        Redis command: FT.ADDHASH

        Args:
            doc_id: Its key.
            score: Its score, between 0 and 1.
            language: Its language.
            replace: Whether it may be indexed already.
        """
        _warn_of("add_document_hash", ", call hset instead")
        return self.execute_command(*self._hash(doc_id, score, language, replace))

    def delete_document(self, doc_id: Key, conn: Any = None, delete_actual_document: bool = False) -> Any:
        """Take a document out of the index; return 1 if it was there, else 0. Deprecated by the server.

        Redis command: FT.DEL

        Args:
            doc_id: Its key.
            conn: Send the command through this client, or collect it in this pipeline.
            delete_actual_document: Delete the document too.
        """
        _warn_of("delete_document")
        words = ("FT.DEL", self.index_name, doc_id, *(("DD",) if delete_actual_document else ()))
        return (self if conn is None else conn).execute_command(*words)

    def get(self, *ids: Key) -> Any:
        """Return documents' fields and values in turn, None for each that there is not. Deprecated by the server.

        Redis command: FT.MGET
        """
        _warn_of("get")
        return self.execute_command("FT.MGET", self.index_name, *ids)

    def _document(
        self,
        doc_id: Key,
        nosave: bool,
        score: float,
        payload: Encodable | None,
        replace: bool,
        partial: bool,
        language: str | None,
        no_create: bool,
        fields: dict[str, Encodable],
    ) -> list[Encodable]:
        words: list[Encodable] = ["FT.ADD", self.index_name, doc_id, score]
        if nosave:
            words.append("NOSAVE")
        if payload is not None:
            words += ("PAYLOAD", payload)
        if replace or partial or no_create:
            words.append("REPLACE")
        words += [word for word, wanted in (("PARTIAL", partial), ("NOCREATE", no_create)) if wanted]
        if language:
            words += ("LANGUAGE", language)
        return [*words, "FIELDS", *(word for pair in fields.items() for word in pair)]

    def _hash(self, doc_id: Key, score: float, language: str | None, replace: bool) -> list[Encodable]:
        words: list[Encodable] = ["FT.ADDHASH", self.index_name, doc_id, score]
        if replace:
            words.append("REPLACE")
        return [*words, "LANGUAGE", language] if language else words


def _warn_of(name: str, instead: str = "") -> None:
    warn_deprecated(name, f"deprecated since redisearch 2.0{instead}", "2.0.0", stacklevel=4)
