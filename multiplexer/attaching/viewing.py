"""Looks at a running application that shows the state of its multiplexer."""

from __future__ import annotations

import json
import socket
from typing import Any

from ..errors import RedisConnectionError, RedisTimeoutError

__all__ = ["View"]


class View:
    """A look at what an application shows with ``serve_status``.

    Attributes:
        where: The socket's path, or the port.
    """

    def __init__(self, where: str | int, timeout: float = 5.0) -> None:
        """Attach.

        Args:
            where: Path of the Unix socket, or the port on loopback, also as text.
            timeout: Seconds that attaching, and each answer, may take.

        Raises:
            RedisConnectionError: Nobody shows anything there.
        """
        self.where = where
        is_port = isinstance(where, int) or where.isdigit()
        self._socket = socket.socket() if is_port else socket.socket(socket.AF_UNIX)
        self._socket.settimeout(timeout)
        self._received = bytearray()
        try:
            self._socket.connect(("127.0.0.1", int(where)) if is_port else str(where))
        except (OSError, OverflowError) as error:
            self._socket.close()
            reason = getattr(error, "strerror", None) or error
            raise RedisConnectionError(f"nobody shows anything at {where}: {reason}") from error

    def take(self) -> dict[str, Any]:
        """Return the state: ``pid``, ``program``, ``at`` (seconds since the epoch) and ``status``.

        Raises:
            RedisConnectionError: The application has ended, or shows it no longer.
            RedisTimeoutError: It did not answer in time.
        """
        try:
            self._socket.sendall(b"\n")
            while (end := self._received.find(b"\n")) < 0:
                piece = self._socket.recv(65536)
                if not piece:
                    raise RedisConnectionError(f"the application at {self.where} has ended")
                self._received += piece
        except TimeoutError as error:
            raise RedisTimeoutError(f"the application at {self.where} does not answer") from error
        except OSError as error:
            raise RedisConnectionError(f"the application at {self.where} has ended") from error
        line = self._received[:end]
        del self._received[: end + 1]
        try:
            found = json.loads(line)
            found["status"]
        except (ValueError, KeyError, TypeError) as error:
            raise RedisConnectionError(f"what is at {self.where} shows no state of a multiplexer") from error
        view: dict[str, Any] = found
        return view

    def close(self) -> None:
        """Detach."""
        self._socket.close()

    def __enter__(self) -> View:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()
