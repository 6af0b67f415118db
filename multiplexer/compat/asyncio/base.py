"""What all clients have in common, whatever their commands travel on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from inspect import isawaitable
from typing import TYPE_CHECKING, Any

from ...core.commands.arguments import flatten
from ...core.commands.command import Command
from ...core.types import Encodable, Key, Pending
from ...errors import ResponseError, WatchError
from ...importing import importing
from ..machinery.forms import in_form, of_text
from ..machinery.responses import CALL, EMPTY_RESPONSE, HELD_BACK, NEVER_DECODE, ResponseCallbacks
from .connection import Encoder
from .module_commands import ModuleGroups
from .redis_commands import RedisCommands

if TYPE_CHECKING:
    from .scripting import Script


class BaseClient(ModuleGroups, RedisCommands):
    """A client whose command methods end in :meth:`execute_command`.

    Attributes:
        response_callbacks: What makes results of replies, by command name; see :meth:`set_response_callback`.
    """

    response_callbacks: ResponseCallbacks

    # What redis-py sends, and programs read in errors and callbacks.
    decr = RedisCommands.decrby
    incr = RedisCommands.incrby

    def get_encoder(self) -> Encoder:
        """Return what turns values into bytes and replies into text."""
        raise NotImplementedError

    def pipeline(self, transaction: Any = True, shard_hint: str | None = None) -> Any:
        """Return a pipeline, which collects commands and sends them together."""
        raise NotImplementedError

    def set_response_callback(self, command: str, callback: Callable[..., Any]) -> None:
        """Have a command's replies turned into results by ``callback(reply, **options)``.

        It stands in the place of the command's own conversion, for its method, :meth:`execute_command` and pipelines.
        """
        self.response_callbacks[command] = callback

    def load_external_module(self, funcname: str, func: Callable[..., Any]) -> None:
        """Make a function an attribute of the client."""
        setattr(self, funcname, func)

    # -- other objects ---------------------------------------------------------------------------------

    async def transaction(
        self,
        func: Callable[[Any], Any],
        *watches: Encodable,
        shard_hint: str | None = None,
        value_from_callable: bool = False,
        watch_delay: float | None = None,
    ) -> Any:
        """Watch keys, have a function fill a transaction, run it, and begin again where a key was changed meanwhile.

        Args:
            func: Called with a pipeline that watches the keys; reads at once until it calls ``multi()``.
            watches: The keys.
            shard_hint: As for :meth:`pipeline`.
            value_from_callable: Whether to return what the function returned, instead of the transaction's results.
            watch_delay: Seconds to wait before beginning again.

        Raises:
            RedisError: A command failed.
        """
        async with self.pipeline(True, shard_hint) as pipe:
            while True:
                try:
                    if watches:
                        await pipe.watch(*watches)
                    value = func(pipe)
                    if True:  # ASYNC
                        if isawaitable(value) and value is not pipe:
                            value = await value
                    results = await pipe.execute()
                    return value if value_from_callable else results
                except WatchError:
                    if watch_delay is not None and watch_delay > 0:
                        await asyncio.sleep(watch_delay)

    def lock(
        self,
        name: str,
        timeout: float | None = None,
        sleep: float = 0.1,
        blocking: bool = True,
        blocking_timeout: float | None = None,
        lock_class: type[Any] | None = None,
        thread_local: bool = True,
        raise_on_release_error: bool = True,
    ) -> Any:
        """Return a lock that lives in the server.

        Args:
            name: Its key.
            timeout: Seconds after which it is given up by itself; None for never.
            sleep: Seconds between attempts to take it.
            blocking: Whether taking it waits until it is free.
            blocking_timeout: Seconds to wait at most; None for ever.
            lock_class: Makes it, instead of the usual class.
            thread_local: Whether the owner's token belongs to one thread or task only.
            raise_on_release_error: Whether leaving its ``with`` block raises where it was not held any longer.
        """
        with importing:
            from .lock import Lock

        return (lock_class or Lock)(
            self,
            name,
            timeout=timeout,
            sleep=sleep,
            blocking=blocking,
            blocking_timeout=blocking_timeout,
            thread_local=thread_local,
            raise_on_release_error=raise_on_release_error,
        )

    def register_script(self, script: str | bytes) -> Script:
        """Return a callable that runs a Lua script, which is sent in full only where the server does not know it."""
        with importing:
            from .scripting import Script

        return Script(self, script)

    # -- commands --------------------------------------------------------------------------------------

    def mget(self, keys: Key | Iterable[Key], *args: Key) -> Pending[list[Any]]:
        """Return the values of several keys in order, None for each that does not exist or is no string.

        Without keys it returns an empty list, as in redis-py.

        Redis command: MGET
        """
        names = flatten(keys, args)
        if names:
            return super().mget(names)
        nothing: Pending[list[Any]] = self.execute_command("MGET", **{EMPTY_RESPONSE: []})
        return nothing

    if True:  # ASYNC

        def __getitem__(self, name: Key) -> Any:
            raise TypeError("asyncio's clients have no items; use: await client.get(name)")

        def __setitem__(self, name: Key, value: Encodable) -> None:
            raise TypeError("asyncio's clients have no items; use: await client.set(name, value)")

        def __delitem__(self, name: Key) -> None:
            raise TypeError("asyncio's clients have no items; use: await client.delete(name)")

        def __contains__(self, name: Key) -> bool:
            raise TypeError("asyncio's clients have no items; use: await client.exists(name)")

    else:

        def __getitem__(self, name: Key) -> Any:
            """Return a key's value.

            Redis command: GET

            Raises:
                KeyError: There is no such key.
            """
            value = self.get(name)
            if value is None:
                raise KeyError(name)
            return value

        def __setitem__(self, name: Key, value: Encodable) -> None:
            """Set a key's value.

            Redis command: SET
            """
            self.set(name, value)

        def __delitem__(self, name: Key) -> None:
            """Delete a key, if there is one.

            Redis command: DEL
            """
            self.delete(name)

        def __contains__(self, name: Key) -> bool:
            """Whether there is such a key.

            Redis command: EXISTS
            """
            return bool(self.exists(name))

    def _score_cast(self, cast: Callable[[Any], Any]) -> Callable[[float], Any]:
        if cast is float or not self.response_callbacks.casts_text:
            return cast
        return of_text(cast, self.get_encoder().decode_responses)

    def _execute(
        self,
        command: Command,
        args: tuple[Encodable, ...],
        convert: Callable[[Any], Any] | None = None,
        decode: bool | None = None,
    ) -> Pending[Any]:
        args, call = in_form(command, args, convert, decode, self.response_callbacks.forms)
        result: Pending[Any] = self.execute_command(*args, **{CALL: call})
        return result

    async def parse_response(self, connection: Any, command_name: str | bytes, **options: Any) -> Any:
        """Read a reply from a connection and turn it into the command's result.

        Args:
            connection: One that the command was sent on.
            command_name: Its name, which says what the result is.
            options: As for :meth:`execute_command`; ``NEVER_DECODE=True`` returns bytes whatever the settings, and
                ``EMPTY_RESPONSE=value`` the value instead of raising where the server answers with an error.

        Raises:
            ResponseError: The server answered with an error.
            RedisConnectionError: The connection was lost.
            RedisTimeoutError: The reply did not arrive in time.
        """
        call = options.pop(CALL, None)
        decode = None if call is None else call[2]
        try:
            if options.pop(NEVER_DECODE, False) is not False:  # redis-py itself says [] for yes
                decode = False
            how: dict[str, Any] = {} if decode is None else {"disable_decoding": True}
            held_back = options.pop(HELD_BACK, 0.0)
            if held_back and connection.socket_timeout is not None:
                how["timeout"] = connection.socket_timeout + held_back
            reply = await connection.read_response(**how)
            if decode is None:
                options.pop(EMPTY_RESPONSE, None)
        except ResponseError:
            if EMPTY_RESPONSE in options:
                return options[EMPTY_RESPONSE]
            raise
        if decode:
            reply = connection.encoder.decode(reply, force=True)
        convert = self.response_callbacks.converter(command_name, call, options)
        if convert is None:
            return reply
        if True:  # ASYNC
            result = convert(reply)
            return await result if isawaitable(result) else result
        return convert(reply)
