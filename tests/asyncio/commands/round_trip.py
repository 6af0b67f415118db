"""Round trips of commands that no server at hand has: what is sent, and what becomes of the reply."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from multiplexer.core.commands.command_table import find_command
from tests.servers import ScriptedServer

from ..connecting import connect


class Trip(NamedTuple):
    """One call.

    Attributes:
        call: Makes it, given a database.
        words: What must arrive, in one text or word by word.
        reply: What the server answers.
        result: What the call must return.
        decode: Whether the database returns text.
    """

    call: Callable[[Any], Any]
    words: str | list[str]
    reply: Any
    result: Any
    decode: bool = False

    async def make(self, protocol: int) -> None:
        """Make the call against a scripted server and compare."""
        words = self.words.split(" ") if isinstance(self.words, str) else self.words
        sent = [word.encode() for word in words]
        name = find_command(words).name
        with ScriptedServer() as server:
            server.on(name, self.reply)
            async with await connect(server, protocol=protocol, allow_admin=True) as mux:
                assert await self.call(mux.get_database(decode=self.decode)) == self.result
            received = [list(args) for args in server.commands(sent[0].decode()) if find_command(args).name == name]
            assert received == [sent]
