# Generated from multiplexer/asyncio/script.py by scripts/generate_blocking.py; change that file instead.
"""Scripts and libraries of functions that load themselves where they are needed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Generic, overload

from ..configuration.hidden import shown
from ..core.commands.batching import Queued, Result
from ..core.commands.command_table import COMMANDS
from ..core.commands.scripts import (
    FUNCTION_LOAD,
    ScriptSource,
    is_unknown_function,
    keys_of,
    library_name,
    source_bytes,
)
from ..core.types import AnyStr, Encodable, Key
from ..errors import ResponseError
from .batch import BatchCollector, Collector
from .handle import Handle
from .script_calls import run_script

if TYPE_CHECKING:
    from .transaction import TransactionCollector

_FCALL = COMMANDS["FCALL"]
_FCALL_RO = COMMANDS["FCALL_RO"]


class Script(Generic[Result]):
    """A Lua script that can be called; get it from :meth:`Database.register_script`.

    It is sent by its digest. Where the server does not know it, because it was restarted, flushed its cache or
    is another one after a failover, it is loaded without the caller noticing. Scripts are cheap to make, keep no
    state of their own and may be shared by all callers.

    Attributes:
        registered_client: The handle it was registered with, which runs it unless a call names another.
        script: The source.
        sha: The source's SHA1 digest in hexadecimal, the server's name for the script.
    """

    __slots__ = ("_source", "registered_client", "script", "sha")

    def __init__(self, registered_client: Handle[Any], script: Key, read_only: bool = False) -> None:
        self._source = ScriptSource.of(script, read_only)
        self.registered_client = registered_client
        self.script = script
        self.sha = self._source.digest

    @shown
    def __repr__(self) -> str:
        return f"<Script {self.sha}>"

    @overload
    def __call__(
        self,
        keys: Sequence[Key] | None = ...,
        args: Iterable[Encodable] | None = ...,
        client: Handle[Any] | None = ...,
    ) -> Result: ...

    @overload
    def __call__(
        self,
        keys: Sequence[Key] | None = ...,
        args: Iterable[Encodable] | None = ...,
        *,
        client: BatchCollector[Any] | TransactionCollector[Any],
    ) -> Queued[Result]: ...

    @overload
    def __call__(
        self,
        keys: Sequence[Key] | None = ...,
        args: Iterable[Encodable] | None = ...,
        client: Handle[Any] | Collector[Any] | None = ...,
    ) -> Any: ...

    def __call__(
        self,
        keys: Sequence[Key] | None = None,
        args: Iterable[Encodable] | None = None,
        client: Handle[Any] | Collector[Any] | None = None,
    ) -> Any:
        """Run the script.

        Redis commands: EVALSHA, EVAL, SCRIPT LOAD

        Args:
            keys: Keys it uses, which it finds in ``KEYS``.
            args: Further arguments, which it finds in ``ARGV``.
            client: A handle to run it instead, or a batch or pipeline to collect the call. The script is then
                loaded before the batch, on the same connection.

        Returns:
            What the script returned; of a batch or pipeline what its methods return.

        Raises:
            ResponseError: The script failed.
            DataError: An argument cannot be sent.
        """
        names = keys_of(keys, "script")
        values = keys_of(args, "script")
        if isinstance(client, Collector):
            collected: Any = client.collect_script(self._source, names, values)
            outcome: Any = collected
            return outcome
        return run_script(client or self.registered_client, self._source, names, values)


class Library:
    """A library of functions that loads itself; get it from :meth:`Database.register_library`.

    Attributes:
        registered_client: The handle it was registered with.
        code: The source.
        name: The name it gives itself in its first line.
    """

    __slots__ = ("_text", "code", "name", "registered_client")

    def __init__(self, registered_client: Handle[Any], code: Key) -> None:
        self._text = source_bytes(code, "register_library")
        self.registered_client = registered_client
        self.code = code
        self.name = library_name(self._text)

    @shown
    def __repr__(self) -> str:
        return f"<Library {self.name}>"

    def load(self) -> None:
        """Put the library on the server, over one of the same name.

        Redis command: FUNCTION LOAD

        Raises:
            CommandDisabledError: ``allowAdmin`` is not set.
            ResponseError: The server refused it.
        """
        self.registered_client._execute(FUNCTION_LOAD, ("FUNCTION", "LOAD", "REPLACE", self._text))

    def fcall(
        self, function: str, keys: Sequence[Key] | None = None, args: Iterable[Encodable] | None = None
    ) -> Any:
        """Run one of its functions; a server that does not know it is given the library.

        Redis command: FCALL

        Args:
            function: The function's name.
            keys: Keys it uses.
            args: Further arguments.

        Raises:
            CommandDisabledError: The library has to be loaded, and ``allowAdmin`` is not set.
            ResponseError: The function failed.
        """
        return self._call(_FCALL, function, keys, args)

    def fcall_ro(
        self, function: str, keys: Sequence[Key] | None = None, args: Iterable[Encodable] | None = None
    ) -> Any:
        """Run a function registered with the flag ``no-writes``; otherwise as :meth:`fcall`.

        Redis command: FCALL_RO
        """
        return self._call(_FCALL_RO, function, keys, args)

    def _call(
        self, command: Any, function: str, keys: Sequence[Key] | None, args: Iterable[Encodable] | None
    ) -> Any:
        names, values = keys_of(keys, "fcall"), keys_of(args, "fcall")
        words = (command.name, function, len(names), *names, *values)
        try:
            return self.registered_client._execute(command, words)
        except ResponseError as error:
            if not is_unknown_function(error):
                raise
        self.load()
        return self.registered_client._execute(command, words)


class ScriptRegistry(Handle[AnyStr]):
    """What a database offers for scripts beside the commands."""

    __slots__ = ()

    @overload
    def register_script(self, script: Key, read_only: bool = ..., *, returns: type[Result]) -> Script[Result]: ...

    @overload
    def register_script(self, script: Key, read_only: bool = ...) -> Script[Any]: ...

    def register_script(self, script: Key, read_only: bool = False, *, returns: object = None) -> Script[Any]:
        """Return a script that can be called: ``script(keys=["key"], args=[1])``. Nothing is sent.

        Args:
            script: Its Lua source.
            read_only: Whether it changes nothing. It is then run by EVALSHA_RO, replicas may run it, and it may
                be sent again when its connection was lost.
            returns: What it returns, such as ``int`` or ``list[bytes]``: for type checkers, nothing is converted.

        Raises:
            DataError: The source is empty, or no text.
        """
        return Script(self, script, read_only)

    def register_library(self, code: Key) -> Library:
        """Return a library of functions: ``library.fcall("function", keys, args)``. Nothing is sent.

        Args:
            code: Its source; the first line must be like ``#!lua name=mylibrary``.

        Raises:
            DataError: The source is empty, no text, or gives the library no name.
        """
        return Library(self, code)
