"""A client of a few lines for the tests of the test tools."""

from __future__ import annotations

import socket
from typing import Any, Self

import hiredis


class Client:
    """One blocking connection: send requests, read replies, with nothing between it and the socket."""

    def __init__(self, address: tuple[str, int] | str, timeout: float = 5.0) -> None:
        self.socket = socket.socket(socket.AF_UNIX if isinstance(address, str) else socket.AF_INET)
        self.socket.settimeout(timeout)
        try:
            self.socket.connect(address)
        except BaseException:
            self.socket.close()
            raise
        self._reader = hiredis.Reader()

    def send(self, *args: Any) -> None:
        """Send one command."""
        self.socket.sendall(hiredis.pack_command(args))

    def read(self) -> Any:
        """Return the next reply or push; errors are returned as well."""
        while (reply := self._reader.gets()) is False:
            data = self.socket.recv(65536)
            if not data:
                raise EOFError
            self._reader.feed(data)
        return reply

    def ask(self, *args: Any) -> Any:
        """Send one command and return its reply."""
        self.send(*args)
        return self.read()

    def rest(self) -> bytes:
        """Return everything up to the end of the connection."""
        data = b""
        while chunk := self.socket.recv(65536):
            data += chunk
        return data

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.socket.close()
