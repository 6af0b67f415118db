"""Sockets in memory, and a server that answers what it is sent, in order.

The server is an actor: each of its steps is one command, whose reply is then there to be read. What else happens to
connections are actors with one step.
"""

from __future__ import annotations

import errno
import select
import socket
import struct
from collections.abc import Callable, Sequence
from math import inf
from typing import Any

from multiplexer.core.wire.resp import NO_REPLY, Reader

from .scheduler import FOREVER, SCHEDULER, Actor

_DONT_WAIT = socket.MSG_DONTWAIT
#: Bytes either direction takes, where nothing is said.
ROOM = 1 << 20


class Socket:
    """The client's end of a connection.

    Attributes:
        inbound: What has arrived and was not read.
        outbound: What was written and the server has not taken.
        has_ended: Whether nothing more arrives: the server has closed.
        is_reset: Whether the server has reset the connection.
        users: Threads that are in a call of it.
    """

    def __init__(self, network: Network, number: int) -> None:
        self.network = network
        self.number = number
        self.inbound = bytearray()
        self.outbound = bytearray()
        self.has_ended = self.is_reset = self.is_shut = self.is_closed = False
        self._timeout = FOREVER
        self._users: list[str] = []

    # -- what the driver calls -------------------------------------------------------------------------

    def setblocking(self, flag: bool) -> None:
        assert flag

    def setsockopt(self, level: int, option: int, value: Any) -> None:
        if option == socket.SO_RCVTIMEO:
            whole, micro = struct.unpack("ll", value)
            self._timeout = whole + micro / 1e6 or FOREVER

    def fileno(self) -> int:
        return -1 if self.is_closed else self.number

    def recv_into(self, buffer: bytearray, size: int = 0, flags: int = 0) -> int:
        SCHEDULER.point("recv")
        self._check()
        if not self.can_read():
            if flags & _DONT_WAIT:
                raise BlockingIOError
            self._used()
            try:
                SCHEDULER.strike()  # who waits can be interrupted
                if not SCHEDULER.wait(self.can_read, self._timeout, "for what to read"):
                    SCHEDULER.strike()
                    raise BlockingIOError
            finally:
                self._users.pop()
            self._check()
        if self.inbound:
            count = min(len(self.inbound), len(buffer))
            buffer[:count] = self.inbound[:count]
            del self.inbound[:count]
        elif self.is_reset:
            raise ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")
        else:
            count = 0
        SCHEDULER.strike()
        return count

    def send(self, data: Any, flags: int = 0) -> int:
        SCHEDULER.point("send")
        self._check()
        if self.is_shut or self.is_reset:
            raise BrokenPipeError(errno.EPIPE, "Broken pipe")
        room = self.network.room - len(self.outbound)
        if room <= 0:
            raise BlockingIOError
        taken = bytes(data[:room])
        if not self.has_ended:  # else nobody is there to take it
            self.outbound += taken
        SCHEDULER.strike()
        return len(taken)

    def sendmsg(self, buffers: Sequence[Any], ancillary: object = (), flags: int = 0) -> int:
        return self.send(b"".join(buffers), flags)

    def shutdown(self, how: int) -> None:
        SCHEDULER.point("shutdown")
        if self.is_closed:
            raise OSError(errno.EBADF, "Bad file descriptor")
        self.is_shut = True
        self.outbound.clear()
        SCHEDULER.strike()

    def close(self) -> None:
        SCHEDULER.point("close")
        if self._users:
            SCHEDULER.complain(f"a socket was closed while {self._users[0]} read from it")
        self.is_closed = self.is_shut = True
        SCHEDULER.strike()

    def _check(self) -> None:
        if self.is_closed:
            SCHEDULER.complain("a socket was used after it had been closed")
            raise OSError(errno.EBADF, "Bad file descriptor")

    def _used(self) -> None:
        task = SCHEDULER.current
        self._users.append("somebody" if task is None else task.name)

    def can_read(self) -> bool:
        """Whether a read would not wait."""
        return bool(self.inbound) or self.has_ended or self.is_reset or self.is_shut

    def can_write(self) -> bool:
        """Whether a write would not wait."""
        return self.is_shut or self.is_reset or len(self.outbound) < self.network.room


class Server(Actor):
    """The server's end of one connection.

    It takes a command and answers it in one step, or in two where replies come in halves.
    """

    def __init__(self, network: Network, sock: Socket) -> None:
        super().__init__(f"server-{sock.number}")
        self._network = network
        self._socket = sock
        self._reader = Reader(notEnoughData=NO_REPLY)
        self._commands: list[list[bytes]] = []
        self._rest = b""  # of a reply
        self._database = 0
        self._not_before = 0.0

    def _may_act(self) -> bool:
        sock = self._socket
        if sock.has_ended or sock.is_reset or sock.is_shut or len(sock.inbound) >= self._network.room:
            return False
        return bool(self._rest or self._commands or sock.outbound)

    def can_act(self) -> bool:
        return self._not_before <= SCHEDULER.now and self._may_act()

    def due(self) -> float:
        return self._not_before if self._may_act() else inf

    def act(self) -> str:
        sock, network = self._socket, self._network
        if self._rest:
            sock.inbound += self._rest
            self._rest = b""
            return "sends the rest of a reply"
        if not self._commands:
            self._reader.feed(bytes(sock.outbound))
            sock.outbound.clear()
            while (words := self._reader.gets()) is not NO_REPLY:
                if not isinstance(words, list) or not words:
                    SCHEDULER.complain(f"the server was sent what is no command: {words!r}")
                    sock.is_reset = True
                    return "resets the connection"
                self._commands.append(words)
            if not self._commands:
                return "has read half a command"
        words = self._commands[0]
        for word, seconds in network.delays.items():
            if word in words and (sock.number, word) not in network.delayed:
                network.delayed.add((sock.number, word))
                self._not_before = SCHEDULER.now + seconds
                return f"takes {seconds} s"
        del self._commands[0]
        reply = self._answer(words)
        half = len(reply) // 2 if network.in_halves and words[0] in _ASKED else 0
        sock.inbound += reply[:half] if half else reply
        self._rest = reply[half:] if half else b""
        return f"answers {b' '.join(words)[:40].decode()}"

    def _answer(self, words: list[bytes]) -> bytes:
        name, *arguments = words
        if name in _ASKED:
            self._network.served.append((self._socket.number, self._database, words))
        if name == b"ECHO":
            return b"$%d\r\n%b\r\n" % (len(arguments[0]), arguments[0])
        if name == b"PING":
            return b"$%d\r\n%b\r\n" % (len(arguments[0]), arguments[0]) if arguments else b"+PONG\r\n"
        if name == b"SET":
            return b"+OK\r\n"
        if name == b"GET":
            return b"$%d\r\n%b\r\n" % (len(arguments[0]), arguments[0])  # each key holds its name
        if name == b"SELECT":
            if int(arguments[0]) >= 16:
                return b"-ERR DB index is out of range\r\n"
            self._database = int(arguments[0])
            return b"+OK\r\n"
        if name == b"CLIENT":
            return b":%d\r\n" % self._socket.number
        return b"-ERR unknown command\r\n"


#: Commands whose being served is written down.
_ASKED = (b"SET", b"GET")


class Network:
    """Connections to one server.

    Attributes:
        sockets: All there were.
        served: What the server did: number of the connection, database, words.
        room: Bytes each direction takes before it is full.
        delays: Words, and how many seconds the server takes for a command that has one, once on each connection.
        in_halves: Whether replies come in two pieces.
        refuses: How many connections are refused before one is made.
    """

    def __init__(self) -> None:
        self.sockets: list[Socket] = []
        self.served: list[tuple[int, int, list[bytes]]] = []
        self.room = ROOM
        self.delays: dict[bytes, float] = {}
        self.delayed: set[tuple[int, bytes]] = set()
        self.in_halves = False
        self.refuses = 0

    def connect(self, endpoint: object, timeout: float) -> Any:
        """Make a connection: a ``socket_factory``."""
        SCHEDULER.point("connect")
        if self.refuses:
            self.refuses -= 1
            raise ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")
        sock = Socket(self, len(self.sockets) + 1)
        self.sockets.append(sock)
        SCHEDULER.add_actor(Server(self, sock))
        return sock


class Event(Actor):
    """Something that happens once, at any moment from some time on."""

    is_free = True

    def __init__(self, name: str, happen: Callable[[], None], at: float) -> None:
        super().__init__(name)
        self._happen = happen
        self._at = at
        self._is_over = False

    def can_act(self) -> bool:
        return not self._is_over and SCHEDULER.now >= self._at

    def due(self) -> float:
        return inf if self._is_over else self._at

    def act(self) -> str:
        self._is_over = True
        self._happen()
        return "happens"


assert select.POLLIN  # there is nothing to be tried where there is no poll
