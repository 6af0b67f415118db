"""Blocking sockets as the threads driver wants them: one system call a read, writes that never block."""

from __future__ import annotations

import select
import socket
import struct
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ...errors import RedisTimeoutError
from ...importing import importing
from ..hints import NO_TLS_THERE
from ..sockets import Addresses
from .primitives import RLock, monotonic, poll
from .sockets import open_socket

if TYPE_CHECKING:
    import ssl

    from ...configuration import ConfigurationOptions, EndPoint

_DONT_WAIT = getattr(socket, "MSG_DONTWAIT", 0)
_MOST_BUFFERS = 64

#: Seconds a read blocks before it gives the reader a chance to look at its deadline.
READ_SLICE = 1.0


class Channel:
    """A connected socket in blocking mode whose reads end after :data:`READ_SLICE` seconds.

    A Python socket with a timeout makes two system calls a read (poll and recv); SO_RCVTIMEO makes one.
    One thread may write while another reads.
    """

    receive_into: Callable[[bytearray], int]
    """Read what there is into a buffer; return how many bytes arrived, 0 where the peer has closed.

    Raises BlockingIOError where nothing arrived in time, OSError where the connection is broken. It is the socket's
    own method, because every command comes this way.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self.receive_into = sock.recv_into
        sock.setblocking(True)
        self.set_read_slice(READ_SLICE)

    def set_read_slice(self, seconds: float) -> None:
        """Let reads block for at most so long; 0 for ever."""
        whole = int(seconds)
        value = struct.pack("ll", whole, int((seconds - whole) * 1e6))
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, value)

    def fileno(self) -> int:
        """Return the descriptor, or -1 once closed."""
        return self._sock.fileno()

    def receive_now(self, buffer: bytearray) -> int:
        """Read what there is without waiting; raises BlockingIOError where there is nothing."""
        return self._sock.recv_into(buffer, 0, _DONT_WAIT)

    def has_unread(self) -> bool:
        """Whether bytes were read from the system that :meth:`receive_now` has not handed over."""
        return False

    def send(self, buffers: Sequence[bytes]) -> list[bytes | memoryview]:
        """Write without waiting.

        Returns:
            What the socket did not take; empty when all was written.
        """
        try:
            if len(buffers) == 1:
                taken = self._sock.send(buffers[0], _DONT_WAIT)
            else:
                taken = self._sock.sendmsg(buffers[:_MOST_BUFFERS], (), _DONT_WAIT)
        except BlockingIOError:
            taken = 0
        return _after(buffers, taken)

    def send_one(self, data: bytes) -> Sequence[bytes | memoryview]:
        """Write one buffer without waiting; return what the socket did not take."""
        try:
            taken = self._sock.send(data, _DONT_WAIT)
        except BlockingIOError:
            taken = 0
        return () if taken == len(data) else (memoryview(data)[taken:],)

    def wait(self, seconds: float, read: bool, write: bool) -> None:
        """Wait until the socket can be read from or written to, as asked, or time is up."""
        poller = poll()
        poller.register(self._sock, (select.POLLIN if read else 0) | (select.POLLOUT if write else 0))
        poller.poll(max(seconds, 0) * 1000)

    def is_readable(self) -> bool:
        """Whether a read would not block."""
        poller = poll()
        poller.register(self._sock, select.POLLIN)
        return bool(poller.poll(0))

    def shutdown(self) -> None:
        """End the connection for every thread that uses it, without freeing its descriptor."""
        try:
            self._sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def close(self) -> None:
        """Free the descriptor. No other thread may be using the channel."""
        self._sock.close()

    def send_rest(self, buffers: Sequence[bytes | memoryview]) -> list[bytes | memoryview]:
        """Write what :meth:`send` left over."""
        return Channel.send(self, buffers)  # type: ignore[arg-type]


class TlsChannel(Channel):
    """TLS over a :class:`Channel`: encryption under a lock, system calls outside it.

    One ``SSLObject`` serves reader and writer. Every call of it is made under ``_lock``; what it produced is
    sent by whoever holds the writer's role, in order.
    """

    def __init__(self, sock: socket.socket, context: ssl.SSLContext, server_hostname: str | None) -> None:
        with importing:
            import ssl

        super().__init__(sock)
        self.receive_into = self._receive_decrypted
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=server_hostname)
        self._lock = RLock()  # re-entrant for a finalizer that sends in a thread that decrypts
        self._want_read = ssl.SSLWantReadError
        self._ended = (ssl.SSLZeroReturnError, ssl.SSLEOFError)
        self._raw = bytearray(65536)
        self._unread = False

    @property
    def tls(self) -> ssl.SSLObject:
        """What encrypts; to be asked about the peer only while nobody reads or writes."""
        return self._tls

    def handshake(self, deadline: float) -> None:
        """Do the TLS handshake.

        Raises:
            ssl.SSLError: The peer or its certificate was refused.
            RedisTimeoutError: The deadline passed.
        """
        while True:
            try:
                self._tls.do_handshake()
            except self._want_read:
                self._sock.sendall(self._outgoing.read())
                self._receive_raw_before(deadline)
            except BaseException:
                self._sock.send(self._outgoing.read())  # tell the peer why
                raise
            else:
                self._sock.sendall(self._outgoing.read())
                return

    def _receive_raw_before(self, deadline: float) -> None:
        remaining = deadline - monotonic()
        if remaining > 0:
            self.wait(remaining, read=True, write=False)
        try:
            count = self._sock.recv_into(self._raw, 0, _DONT_WAIT)
        except BlockingIOError:
            raise RedisTimeoutError(NO_TLS_THERE) from None
        if count:
            self._incoming.write(memoryview(self._raw)[:count])
        else:
            self._incoming.write_eof()

    def _receive_decrypted(self, buffer: bytearray) -> int:
        if self._unread:
            return self.receive_now(buffer)
        count = self._sock.recv_into(self._raw)
        return self._decrypt(count, buffer)

    def receive_now(self, buffer: bytearray) -> int:
        if self._unread:
            with self._lock:
                count = self._read(buffer)
            if count:
                return count
        return self._decrypt(super().receive_now(self._raw), buffer)

    def has_unread(self) -> bool:
        return self._unread

    def _decrypt(self, count: int, buffer: bytearray) -> int:
        if not count:
            return 0
        with self._lock:
            self._incoming.write(memoryview(self._raw)[:count])
            count = self._read(buffer)
        if not count:
            raise BlockingIOError  # a record's beginning only, or a message of TLS's own
        return count

    def _read(self, buffer: bytearray) -> int:
        """Fill the buffer with what has been decrypted; returns 0 where there is nothing."""
        count = 0
        view = memoryview(buffer)
        try:
            while count < len(buffer):
                got: Any = self._tls.read(len(buffer) - count, view[count:])
                if not got:
                    break
                count += got
        except self._want_read:
            self._unread = False
        except self._ended:
            self._unread = False
            if not count:
                raise ConnectionResetError("the server closed the TLS session") from None
        else:
            self._unread = count == len(buffer)
        return count

    def send_one(self, data: bytes) -> Sequence[bytes | memoryview]:
        return self.send([data])

    def send(self, buffers: Sequence[bytes]) -> list[bytes | memoryview]:
        with self._lock:
            for buffer in buffers:
                if len(buffer):
                    self._tls.write(buffer)
            encrypted = self._outgoing.read()
        # What the system does not take stays encrypted and in order: it cannot be handed back.
        return super().send([encrypted]) if encrypted else []


def _after(buffers: Sequence[bytes], taken: int) -> list[bytes | memoryview]:
    """Return what is left of the buffers when their first ``taken`` bytes are gone."""
    if len(buffers) == 1 and taken == len(buffers[0]):
        return []
    left: list[bytes | memoryview] = []
    for buffer in buffers:
        size = len(buffer)
        if taken >= size:
            taken -= size
        elif taken:
            left.append(memoryview(buffer)[taken:])
            taken = 0
        else:
            left.append(buffer)
    return left


def open_channel(
    endpoint: EndPoint,
    name: str | None,
    options: ConfigurationOptions,
    context: ssl.SSLContext | None,
    known: Addresses,
    deadline: float,
) -> Channel:
    """Connect to an endpoint.

    Args:
        endpoint: Where to.
        name: What the certificate there must say, with TLS.
        options: Timeouts, tunnel and socket factory.
        context: For TLS, or None.
        known: Addresses resolved before; filled where names are resolved once for good.
        deadline: Time of ``time.monotonic`` by which it must be done.

    Raises:
        OSError: It cannot be reached, or TLS failed.
        RedisTimeoutError: The deadline passed.
        RedisConnectionError: The tunnel refused.
    """
    sock = open_socket(endpoint, options, known, deadline)
    try:
        if context is None:
            return Channel(sock)
        channel = TlsChannel(sock, context, name)
        channel.handshake(deadline)
        return channel
    except BaseException:
        sock.close()
        raise
