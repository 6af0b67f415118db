"""What shows every command a server is sent."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Any, Self

from ...errors import RedisError

_LINE = re.compile(r"(\S+) \[(\d+) (.*?)\] (.*)", re.DOTALL)
_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)


class Monitor:
    """Shows every command the server is sent; get it from :meth:`Redis.monitor` and use it in a ``with`` block."""

    def __init__(self, connection_pool: Any) -> None:
        self.connection_pool = connection_pool
        self.connection: Any = None

    async def connect(self) -> None:
        """Take a connection of one's own."""
        if self.connection is None:
            self.connection = await self.connection_pool.get_connection("MONITOR")

    async def __aenter__(self) -> Self:
        await self._start_monitor()
        return self

    async def _start_monitor(self) -> None:
        await self.connect()
        try:
            await self.connection.send_command("MONITOR")
            answer = await self.connection.read_response(disable_decoding=True)
            if answer != b"OK":
                raise RedisError(f"MONITOR failed: {answer}")
        except BaseException:
            await self._give_back()
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._give_back()

    async def _give_back(self) -> None:
        connection, self.connection = self.connection, None
        if connection is not None:
            await connection.disconnect()  # there is no other way to end it
            await self.connection_pool.release(connection)

    async def next_command(self) -> dict[str, Any]:
        """Wait for the next command.

        Returns:
            Its ``time`` (seconds since 1970), ``db``, ``client_address``, ``client_port``, ``client_type`` (``"tcp"``,
            ``"unix"`` or ``"lua"``) and ``command``.

        Raises:
            RedisConnectionError: The connection was lost.
        """
        reply = await self.connection.read_response(disable_decoding=True, timeout=None)
        text = reply.decode("utf-8", "replace")
        found = _LINE.match(text)
        if found is None:
            raise RedisError(f"MONITOR sent a line that cannot be understood: {text}")
        when, database, client, words = found.groups()
        command = " ".join(word.replace('\\"', '"') for word in _WORD.findall(words))
        if client == "lua":
            address, port, kind = "lua", "", "lua"
        elif client.startswith("unix:"):
            address, port, kind = "unix", client[5:], "unix"
        else:
            address, _, port = client.rpartition(":")
            kind = "tcp"
        return {
            "time": float(when),
            "db": int(database),
            "client_address": address,
            "client_port": port,
            "client_type": kind,
            "command": command,
        }

    async def listen(self) -> AsyncIterator[dict[str, Any]]:
        """Go through the commands as they come."""
        while True:
            yield await self.next_command()
