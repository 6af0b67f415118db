"""The limit that Python sets: the same work on a bare socket with hiredis.

No routing, no deadlines, no counters, no reconnecting, no errors handled. What a client costs is the distance to
these loops.
"""

from __future__ import annotations

import asyncio
import socket
from _thread import LockType, allocate_lock
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, cast

import hiredis

# hiredis' type stubs allow neither commands of several parts nor buffers other than bytes.
Reader: Any = hiredis.Reader
pack_command: Callable[[tuple[Any, ...]], bytes] = cast(Any, hiredis.pack_command)

CHUNK = 1 << 16
LARGE_CHUNK = 1 << 16
BATCH_CHUNK = 1_000


def dial(host: str, port: int) -> socket.socket:
    """Connect a blocking socket without Nagle's delay."""
    connection = socket.create_connection((host, port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def large_set(key: str, value: bytes) -> list[memoryview]:
    """Pack a SET around its value, which is not copied."""
    header = b"*3\r\n$3\r\nSET\r\n$%d\r\n%b\r\n$%d\r\n" % (len(key), key.encode(), len(value))
    return [memoryview(header), memoryview(value), memoryview(b"\r\n")]


def advance(buffers: list[memoryview], sent: int) -> None:
    """Drop what has been sent from a list of buffers."""
    while buffers and sent >= len(buffers[0]):
        sent -= len(buffers.pop(0))
    if sent:
        buffers[0] = buffers[0][sent:]


class Lone:
    """One caller: send, receive, send, receive."""

    def __init__(self, host: str, port: int) -> None:
        self.socket = dial(host, port)
        self.reader = Reader()

    def get(self, key: str) -> Any:
        """GET, in the caller's thread."""
        self.socket.send(pack_command(("GET", key)))
        return self._reply()

    def set(self, key: str, value: bytes) -> Any:
        """SET, in the caller's thread."""
        self.socket.sendall(pack_command(("SET", key, value)))
        return self._reply()

    def _reply(self) -> Any:
        reader = self.reader
        while True:
            reader.feed(self.socket.recv(CHUNK))
            reply = reader.gets()
            if reply is not False:
                return reply

    def queue(self, keys: Sequence[str]) -> Sequence[str]:
        """Nothing need be queued."""
        return keys

    def execute(self, keys: Sequence[str]) -> list[Any]:
        """Send in chunks, so that the server starts on the first while we pack the next; then receive."""
        for start in range(0, len(keys), BATCH_CHUNK):
            self.socket.sendall(b"".join([pack_command(("GET", key)) for key in keys[start : start + BATCH_CHUNK]]))
        replies: list[Any] = []
        reader = self.reader
        while len(replies) < len(keys):
            reader.feed(self.socket.recv(CHUNK))
            while (reply := reader.gets()) is not False:
                replies.append(reply)
        return replies


class LoneLarge(Lone):
    """One caller with huge values."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(host, port)
        self.buffer = bytearray(LARGE_CHUNK)

    def set(self, key: str, value: bytes) -> Any:
        """SET from three buffers, without joining them."""
        buffers = large_set(key, value)
        while buffers:
            advance(buffers, self.socket.sendmsg(buffers))
        return self._reply()

    def _reply(self) -> Any:
        reader, buffer = self.reader, self.buffer
        while (reply := reader.gets()) is False:
            reader.feed(buffer, 0, self.socket.recv_into(buffer))
        return reply


class Call:
    """A command somebody waits for."""

    __slots__ = ("done", "packed", "reply", "waiter")

    def __init__(self, packed: bytes, waiter: LockType) -> None:
        self.packed = packed
        self.waiter = waiter
        self.reply: Any = None
        self.done = False


class Shared(Lone):
    """Leader/follower over one socket: whoever comes first sends for all, whoever waits first receives for all."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(host, port)
        self.queued: deque[Call] = deque()
        self.sent: deque[Call] = deque()
        self.writing = allocate_lock()
        self.reading = allocate_lock()

    def get(self, key: str) -> Any:
        """GET, by any number of threads."""
        waiter = allocate_lock()
        waiter.acquire()
        call = Call(pack_command(("GET", key)), waiter)
        self.queued.append(call)
        self._write()
        if call.done:
            # Answered while we were sending for others. The leader may have left before theirs was sent.
            self._hand_over()
        while not call.done:
            if self.reading.acquire(False):
                self._lead(call)
            else:
                waiter.acquire()  # until the leader has our reply, or hands us its role
        return call.reply

    def _write(self) -> None:
        queued, sent = self.queued, self.sent
        # Looked at again after the lock is free: a caller that failed to get it relies on its holder.
        while queued and self.writing.acquire(False):
            packed = []
            while queued:
                call = queued.popleft()
                sent.append(call)
                packed.append(call.packed)
            if packed:
                self.socket.sendall(packed[0] if len(packed) == 1 else b"".join(packed))
            self.writing.release()

    def _lead(self, own: Call) -> None:
        reader, sent, recv = self.reader, self.sent, self.socket.recv
        while not own.done:
            reader.feed(recv(CHUNK))
            while (reply := reader.gets()) is not False:
                call = sent.popleft()
                call.reply = reply
                call.done = True
                if call is not own:
                    wake(call)
        self.reading.release()
        self._hand_over()

    def _hand_over(self) -> None:
        # The role is free before this looks: whoever is not there yet will find it free.
        try:
            wake(self.sent[0])
        except IndexError:
            pass


def wake(call: Call) -> None:
    """Wake a caller, which may have been woken already and not have noticed yet."""
    try:
        call.waiter.release()
    except RuntimeError:
        pass


class OnLoop(asyncio.BufferedProtocol):
    """asyncio: futures in a deque, one write per turn of the loop."""

    transport: asyncio.Transport

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.reader = Reader()
        self.buffer = bytearray(CHUNK)
        self.packed: list[bytes] = []
        self.waiting: deque[asyncio.Future[Any]] = deque()

    @classmethod
    async def connect(cls, host: str, port: int) -> OnLoop:
        """Connect."""
        return (await asyncio.get_running_loop().create_connection(cls, host, port))[1]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def get_buffer(self, sizehint: int) -> bytearray:
        """Receive into the same buffer every time: hiredis copies it."""
        return self.buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Complete every future whose reply is here."""
        reader, waiting = self.reader, self.waiting
        reader.feed(self.buffer, 0, nbytes)
        while (reply := reader.gets()) is not False:
            waiting.popleft().set_result(reply)

    def get(self, key: str) -> asyncio.Future[Any]:
        """GET, by any number of tasks."""
        return self._submit(pack_command(("GET", key)))

    def set(self, key: str, value: bytes) -> asyncio.Future[Any]:
        """SET, by any number of tasks."""
        return self._submit(pack_command(("SET", key, value)))

    def _submit(self, packed: bytes) -> asyncio.Future[Any]:
        future = self.loop.create_future()
        if not self.waiting:
            self.transport.write(packed)  # a lone task does not wait for the loop's next turn
        else:
            if not self.packed:
                self.loop.call_soon(self._flush)
            self.packed.append(packed)
        self.waiting.append(future)
        return future

    def _flush(self) -> None:
        packed, self.packed = self.packed, []
        self.transport.write(b"".join(packed))

    async def batch(self, keys: Sequence[str]) -> list[Any]:
        """GET all keys; replies come in order, so the last future is the last to be done."""
        futures = [self.get(key) for key in keys]
        await futures[-1]
        return [future.result() for future in futures]


class LargeOnLoop:
    """asyncio with huge values: a plain socket and the loop's readiness."""

    def __init__(self, connection: socket.socket) -> None:
        self.loop = asyncio.get_running_loop()
        self.socket = connection
        self.reader = Reader()
        self.buffer = bytearray(LARGE_CHUNK)

    @classmethod
    async def connect(cls, host: str, port: int) -> LargeOnLoop:
        """Connect."""
        connection = await asyncio.to_thread(dial, host, port)
        connection.setblocking(False)
        return cls(connection)

    async def get(self, key: str) -> Any:
        """GET by one task."""
        self.socket.send(pack_command(("GET", key)))
        return await self._reply()

    async def set(self, key: str, value: bytes) -> Any:
        """SET by one task, from three buffers, without joining them."""
        buffers = large_set(key, value)
        while buffers:
            try:
                advance(buffers, self.socket.sendmsg(buffers))
            except BlockingIOError:
                await self._writable()
        return await self._reply()

    async def batch(self, keys: Sequence[str]) -> list[Any]:
        """GET one key after the other."""
        return [await self.get(key) for key in keys]

    async def _reply(self) -> Any:
        reader, buffer = self.reader, self.buffer
        while (reply := reader.gets()) is False:
            reader.feed(buffer, 0, await self.loop.sock_recv_into(self.socket, buffer))
        return reply

    async def _writable(self) -> None:
        writable = self.loop.create_future()
        self.loop.add_writer(self.socket, writable.set_result, None)
        try:
            await writable
        finally:
            self.loop.remove_writer(self.socket)
