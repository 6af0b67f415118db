"""What the package believes to be sockets, and what waits for them."""

from __future__ import annotations

import errno
import os
import select
import socket
from collections.abc import Iterable
from typing import Any

from .network import Link, Network, Place

READ, WRITE = 1, 2

#: Numbers far above those of the process's own descriptors.
_FIRST_NUMBER = 100_000


class SimulatedSocket:
    """The client's side of a link.

    Attributes:
        network: The network; the class has that of the run that takes place.
        closed: Whether it was closed.
    """

    network: Network

    def __init__(self, family: int = socket.AF_INET, type: int = socket.SOCK_STREAM, proto: int = 0) -> None:
        self.family, self.type, self.proto = family, type, proto
        self.closed = False
        self.network = self.__class__.network  # that of a later run is none of its business
        self._number = _FIRST_NUMBER + next(self.network.numbers)
        self._link: Link | None = None
        self._place: Place = ("", 0)
        self._arrived = bytearray()
        self._ended = False
        self._shut = False
        self._error = 0
        self.network.sockets.add(self)
        self.network.by_number[self._number] = self

    # -- what the network tells ------------------------------------------------------------------------

    def connected(self, link: Link) -> None:
        """A server has accepted."""
        if self.closed:
            link.client_closes()
            return
        self._link = link
        if link.broken:  # on the way back
            self._error = errno.ECONNRESET
        self.changed()

    def failed(self, code: int) -> None:
        """The connection could not be made, or broke."""
        if not self.closed:
            self._error = code
            self._ended = True
            self.changed()

    def arrived(self, data: bytes) -> None:
        """The server has sent something."""
        self._arrived += data
        self.changed()

    def ended(self) -> None:
        """The server has closed."""
        self._ended = True
        self.changed()

    def changed(self) -> None:
        """See that whoever waits for it looks once more."""
        self.network.touched.add(self._number)

    def readiness(self) -> int:
        """What could be done now without waiting."""
        if self._error:
            return READ | WRITE
        if self._link is None:
            return 0
        return (READ if self._arrived or self._ended else 0) | (WRITE if self._link.room() else 0)

    # -- what the package calls ------------------------------------------------------------------------

    def fileno(self) -> int:
        return -1 if self.closed else self._number

    def setblocking(self, flag: bool) -> None:
        pass

    def settimeout(self, seconds: float | None) -> None:
        pass

    def gettimeout(self) -> float:
        return 0.0

    def setsockopt(self, *args: Any) -> None:
        pass

    def getsockopt(self, level: int, name: int, *rest: int) -> int:
        code, self._error = self._error, 0
        return code

    def getsockname(self) -> Place:
        return ("127.0.0.1", self._number)

    def getpeername(self) -> Place:
        return self._place

    def connect_ex(self, place: Place) -> int:
        self._place = place[0], place[1]
        self.network.connect(self, self._place)
        return errno.EINPROGRESS

    def _check(self) -> Link:
        if self.closed:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        if self._error:
            code, self._error = self._error, 0
            raise OSError(code, os.strerror(code))
        if self._link is None or self._shut:
            raise OSError(errno.EPIPE, os.strerror(errno.EPIPE))
        return self._link

    def send(self, data: Any, flags: int = 0) -> int:
        link = self._check()
        if link.broken and self._ended:
            raise OSError(errno.EPIPE, os.strerror(errno.EPIPE))
        size = min(link.room(), len(data))
        if not size:
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        link.to_server(bytes(data[:size]))
        return size

    def sendmsg(self, buffers: Iterable[Any], ancillary: Any = (), flags: int = 0) -> int:
        return self.send(b"".join(buffers))

    def recv_into(self, buffer: Any, size: int = 0, flags: int = 0) -> int:
        data = self.recv(size or len(buffer), flags)
        buffer[: len(data)] = data
        return len(data)

    def recv(self, size: int, flags: int = 0) -> bytes:
        if self.closed:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        if self._arrived:
            data = bytes(self._arrived[:size])
            del self._arrived[:size]
            self.changed()
            return data
        if self._shut:
            return b""
        self._check()
        if self._ended:
            return b""
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    def shutdown(self, how: int) -> None:
        if self._link is None:
            raise OSError(errno.ENOTCONN, os.strerror(errno.ENOTCONN))
        self._shut = self._ended = True
        self._arrived.clear()
        self._leave()
        self.changed()

    def _leave(self) -> None:
        link = self._link
        if link is not None and link.sock is self:
            link.client_closes()

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            self._leave()
            self.network.sockets.discard(self)
            del self.network.by_number[self._number]

    def detach(self) -> int:
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"<simulated socket to {self._place[0]}:{self._place[1]}>"


class SimulatedPoll:
    """What ``select.poll`` is: it tells what can be done now, and never waits."""

    def __init__(self) -> None:
        self._watched: list[tuple[Any, int]] = []

    def register(self, sock: Any, events: int = select.POLLIN) -> None:
        self._watched.append((sock, events))

    def poll(self, timeout: float | None = None) -> list[tuple[int, int]]:
        found = []
        for sock, events in self._watched:
            ready = sock.readiness()
            told = (select.POLLIN if ready & READ else 0) | (select.POLLOUT if ready & WRITE else 0)
            if told & events:
                found.append((sock.fileno(), told & events))
        return found
