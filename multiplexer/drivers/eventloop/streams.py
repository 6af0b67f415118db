"""Connected sockets of their holder's own, on an event loop."""

from __future__ import annotations

import asyncio
import select
import socket
import ssl
from collections.abc import Awaitable, Callable
from contextvars import Context

from ...errors import RedisTimeoutError
from ..hints import NO_TLS_THERE
from ..threads.channel import Channel, TlsChannel
from .waiting import timeout_at, wake


class _LoopTlsChannel(TlsChannel):
    """A TLS channel whose handshake waits in the loop."""

    async def shake_hands(self, wait: Callable[[], Awaitable[None]]) -> None:
        """Do the TLS handshake, with ``wait`` to wait for more to read."""
        while True:
            try:
                self._tls.do_handshake()
            except self._want_read:
                self._send_outgoing()
                await wait()
                self._receive_raw()
            except BaseException:
                self._send_outgoing()  # tell the peer why
                raise
            else:
                self._send_outgoing()
                return

    def _send_outgoing(self) -> None:
        self._sock.send(self._outgoing.read())  # a handshake fits into any socket's buffer

    def _receive_raw(self) -> None:
        try:
            count = self._sock.recv_into(self._raw)
        except BlockingIOError:
            return
        if count:
            self._incoming.write(memoryview(self._raw)[:count])
        else:
            self._incoming.write_eof()


class Stream:
    """A connected socket that one task at a time reads and writes.

    It is watched by the loop from the first read on. What arrives while nobody reads stays where it is, so that
    :meth:`has_unread` can tell, and ends the watching until somebody does.

    Attributes:
        sock: The socket.
        loop: The event loop that watches it.
    """

    __slots__ = ("__weakref__", "_buffer", "_channel", "_kept", "_poll", "_reader", "_watching", "loop", "sock")

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.loop = asyncio.get_running_loop()
        self._channel = Channel(sock)
        sock.setblocking(False)
        poller = select.poll()
        poller.register(sock, select.POLLIN)
        self._poll = poller.poll
        self._watching = False
        self._reader: asyncio.Future[int] | None = None
        self._buffer: bytearray | None = None
        #: Bytes in the reader's buffer that it was cancelled before it could take.
        self._kept = 0

    async def start_tls(self, context: ssl.SSLContext, name: str | None, deadline: float) -> None:
        """Encrypt from here on.

        Raises:
            OSError: The peer or its certificate was refused.
            RedisTimeoutError: The deadline passed.
        """
        channel = _LoopTlsChannel(self.sock, context, name)
        self.sock.setblocking(False)
        try:
            async with timeout_at(deadline):
                await channel.shake_hands(self._readable)
        except TimeoutError:
            raise RedisTimeoutError(NO_TLS_THERE) from None
        self._channel = channel

    @property
    def tls(self) -> ssl.SSLObject | None:
        """What encrypts, or None."""
        channel = self._channel
        return channel.tls if isinstance(channel, TlsChannel) else None

    async def _readable(self) -> None:
        await self._wait(None, float("inf"))

    async def send(self, buffers: list[bytes], deadline: float) -> None:
        """Write everything.

        Raises:
            TimeoutError: Not before the deadline.
            OSError: The connection is broken.
        """
        left = self._channel.send(buffers)
        if left:
            async with timeout_at(deadline):
                while left:
                    await self._writable()
                    left = self._channel.send_rest(left)

    async def _writable(self) -> None:
        ready = self.loop.create_future()
        self.loop.add_writer(self.sock, wake, ready)
        try:
            await ready
        finally:
            if self.sock.fileno() >= 0:
                self.loop.remove_writer(self.sock)

    async def receive(self, buffer: bytearray, deadline: float) -> int:
        """Read what there is, waiting until there is something.

        Nothing is lost where that is cancelled: whoever reads next, into the same buffer, is given it.

        Returns:
            How many bytes arrived; 0 where the peer has closed.

        Raises:
            TimeoutError: Nothing arrived before the deadline.
            OSError: The connection is broken.
        """
        if self._kept:
            count, self._kept = self._kept, 0
            return count
        if self._channel.has_unread():
            try:
                return self._channel.receive_now(buffer)
            except BlockingIOError:  # what was decrypted had just filled the buffer
                pass
        return await self._wait(buffer, deadline)

    async def _wait(self, buffer: bytearray | None, deadline: float) -> int:
        """Wait for something to read, and read it into the buffer if there is one."""
        loop = self.loop
        reader: asyncio.Future[int] = loop.create_future()
        self._reader = reader
        self._buffer = buffer
        if not self._watching:
            Context().run(loop.add_reader, self.sock, self._arrived)  # else it would keep this reader's variables
            self._watching = True
        timer = None if deadline == float("inf") else loop.call_at(deadline, _expire, reader, context=Context())
        try:
            return await reader
        except asyncio.CancelledError:
            if buffer is not None and reader.done() and not reader.cancelled() and reader.exception() is None:
                self._kept = reader.result()  # it arrived in the turn of the loop in which the task was cancelled
            raise
        finally:
            self._reader = self._buffer = None
            if timer is not None:
                timer.cancel()

    def _arrived(self) -> None:
        reader = self._reader
        if reader is None or reader.done():
            self._unwatch()
            return
        if self._buffer is None:
            self._unwatch()
            reader.set_result(0)
            return
        try:
            count = self._channel.receive_now(self._buffer)
        except (BlockingIOError, InterruptedError):
            return
        except Exception as error:
            reader.set_exception(error)
        else:
            reader.set_result(count)

    def _unwatch(self) -> None:
        if self._watching:
            self._watching = False
            self.loop.remove_reader(self.sock)

    def has_unread(self) -> bool:
        """Whether something arrived, the end included, that was not read."""
        return bool(self._kept or self._poll(0)) or self._channel.has_unread()

    async def wait_readable(self, deadline: float) -> bool:
        """Wait for something to read; return False where nothing came before the deadline."""
        if self.has_unread():
            return True
        if deadline <= self.loop.time():
            return False
        try:
            await self._wait(None, deadline)
        except TimeoutError:
            return False
        return True

    def is_quiet(self) -> bool:
        """Whether nothing arrived that was not read, and this is the event loop it was made in."""
        if self._kept or self._poll(0) or self._channel.has_unread():
            return False
        return self.loop is asyncio.get_running_loop()

    def close(self) -> None:
        """Close the socket; a task that is reading is woken up with an error."""
        reader = self._reader
        if not self.loop.is_closed():
            self._unwatch()
            if self.sock.fileno() >= 0:
                self.loop.remove_writer(self.sock)
            if reader is not None and not reader.done():
                reader.set_exception(ConnectionAbortedError("the connection was closed"))
        self._channel.shutdown()
        self.sock.close()

    def break_off(self) -> None:
        """End the connection under whoever uses it, who reads its end and closes the socket."""
        self._channel.shutdown()

    def discard(self) -> None:
        """Close this process's descriptor and leave the connection itself alone: it is another process's too."""
        self.sock.close()

    def drop(self) -> None:
        """Close the socket from anywhere: a finalizer, another thread, another event loop, or after its loop's end."""
        try:
            self.loop.call_soon_threadsafe(self.close)
        except RuntimeError:  # the loop is closed
            self.sock.close()


def _expire(reader: asyncio.Future[int]) -> None:
    if not reader.done():
        reader.set_exception(TimeoutError())
