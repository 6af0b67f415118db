"""One connection of the event-loop driver: bytes in, bytes out, and flow control between."""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import Callable
from itertools import islice
from time import monotonic
from typing import TYPE_CHECKING, Any

from ...core.physical_connection import PhysicalConnection
from ...errors import RedisConnectionError, RedisError

if TYPE_CHECKING:
    from typing import Protocol

    from .message import TaskMessage

    class FedBridge(Protocol):
        """What is asked of the bridge whose connection it is."""

        #: Messages with waiters whose replies the read at hand has brought; None while nothing is read.
        answered: list[TaskMessage] | None

        @property
        def parked(self) -> int: ...
        def wake_soon(self, answered: list[TaskMessage]) -> None: ...
        def flush(self) -> None: ...
        def unpark(self) -> None: ...
        def lose(self, connection: PhysicalConnection, error: BaseException) -> None: ...


_BUFFER_SIZE = 64 * 1024
#: Larger buffers are handed to the transport in slices of this size, so that it never copies more than one.
_SLICE = 64 * 1024
#: Most buffers of one system call.
_MOST_BUFFERS = 64


class ConnectionProtocol(asyncio.BufferedProtocol):
    """Feeds a :class:`PhysicalConnection` from a transport.

    Attributes:
        connection: The protocol state.
        transport: The transport, once connected.
        sock: The transport's socket, which large values are written to directly; None under TLS.
        blocked: Whether the transport wants no more bytes at present.
    """

    def __init__(self, bridge: FedBridge, connection: PhysicalConnection) -> None:
        self.connection = connection
        self.transport: Any = None
        self.blocked = False
        self._bridge = bridge
        self._buffer = bytearray(_BUFFER_SIZE)
        self._view = memoryview(self._buffer)
        self._waiting: deque[bytes | memoryview] = deque()
        self._paused = False
        # Whether a buffer was asked for and has not come back. Only asyncio's own transport for plain sockets always
        # brings it back; under TLS lost bytes show by themselves.
        self._reading = False
        self._reads_surely = False
        self.sock: socket.socket | None = None
        self.failure: BaseException | None = None
        self.on_failure: Callable[[], object] | None = None

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self._reads_surely = type(transport).__module__ == "asyncio.selector_events"
        # What the transport cannot send stays in the backlog, where it can still be taken back.
        # (Not 0, at which a TLS transport would never want anything.)
        transport.set_write_buffer_limits(high=1)

    def get_buffer(self, sizehint: int) -> memoryview:
        if self._reading:
            self.interrupted()  # after the bytes were read and before they came here: they are lost
        self._reading = self._reads_surely
        return self._view

    def buffer_updated(self, nbytes: int) -> None:
        self._reading = False
        connection = self.connection
        bridge = self._bridge
        if len(connection.sent) > 1 and bridge.answered is None:  # it may be left from where Ctrl-C struck
            bridge.answered = []
        try:
            try:
                connection.receive(self._buffer, nbytes, monotonic())
            finally:
                answered = bridge.answered
                if answered is not None:
                    if answered:
                        bridge.wake_soon(answered)
                    bridge.answered = None
        except RedisError as error:
            self.abort(error)
            return
        except BaseException:
            self.interrupted()
            raise
        if connection.resume:
            connection.resume = False
            bridge.flush()
        if bridge.parked:
            bridge.unpark()

    def eof_received(self) -> bool:
        self.failure = self.failure or RedisConnectionError("the server closed the connection")
        return False

    def connection_lost(self, exc: BaseException | None) -> None:
        self.blocked = True
        self._waiting.clear()
        error = self.failure or exc or RedisConnectionError("the connection was closed")
        self.failure = error
        self._bridge.lose(self.connection, error)
        if self.on_failure is not None:
            self.on_failure()

    def pause_writing(self) -> None:
        self._paused = self.blocked = True

    def resume_writing(self) -> None:
        self._paused = False
        try:
            self._write_waiting()
        except BaseException:
            self.interrupted()
            raise
        if not self.blocked:
            self._bridge.flush()

    def write(self, buffers: list[bytes]) -> None:
        """Send buffers in order; sets :attr:`blocked` where the transport does not take them all at once."""
        if not self._waiting and len(buffers) == 1 and len(buffers[0]) <= _SLICE:
            self.transport.write(buffers[0])
            return
        self._waiting.extend(buffers)
        self._write_waiting()

    def _write_waiting(self) -> None:
        waiting = self._waiting
        while waiting and not self._paused:
            if self.sock is not None and not self.transport.get_write_buffer_size():
                self._write_directly(self.sock)
                if not waiting:
                    break
            # The socket is full: what the transport holds of this slice tells us when it is not.
            buffer = waiting.popleft()
            if len(buffer) > _SLICE:
                view = memoryview(buffer)
                waiting.appendleft(view[_SLICE:])
                buffer = view[:_SLICE]
            self.transport.write(buffer)
        self.blocked = self._paused or bool(waiting)

    def _write_directly(self, sock: socket.socket) -> None:
        """Send large buffers from where they lie; the transport would copy what the socket does not take."""
        waiting = self._waiting
        try:
            sent = sock.sendmsg(list(islice(waiting, _MOST_BUFFERS)))
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            waiting.clear()
            self.abort(error)
            return
        while waiting and sent >= len(waiting[0]):
            sent -= len(waiting.popleft())
        if sent:
            waiting[0] = memoryview(waiting[0])[sent:]

    def interrupted(self) -> None:
        """Give the connection up because of Ctrl-C, say, while the event loop used it.

        A message may have been taken and not written, or a reply lost between the socket and its message: the
        replies that follow would belong to others.
        """
        self.abort(RedisConnectionError("the event loop was interrupted while it used the connection"))

    def abort(self, error: BaseException) -> None:
        """Give the connection up at once."""
        self.failure = self.failure or error
        self._bridge.lose(self.connection, error)
        if self.on_failure is not None:
            self.on_failure()
        if self.transport is not None:
            self.transport.abort()
