"""Connected sockets of their holder's own, in the world of threads."""

from __future__ import annotations

import ctypes
import select
import socket
import ssl
from collections.abc import Callable
from functools import partial

from .channel import READ_SLICE, Channel, TlsChannel
from .primitives import monotonic, poll
from .sockets import FOREVER


class _PollFd(ctypes.Structure):
    """One ``struct pollfd``."""

    _fields_ = (("fd", ctypes.c_int), ("events", ctypes.c_short), ("revents", ctypes.c_short))


def _find_poll() -> Callable[..., int] | None:
    try:
        return ctypes.PyDLL(None).poll
    except (AttributeError, OSError, TypeError):  # no such function here
        return None


_POLL = _find_poll()


def _make_glance(sock: socket.socket) -> Callable[[], int]:
    """Return a function that tells whether there is something to read from a socket: 0 for nothing.

    ``select.poll`` lets another thread run each time. Where many wait for a connection, most of the time would go
    into taking turns; a look that cannot block need not give way, and takes a fifth.
    """
    if _POLL is None:
        poller = poll()
        poller.register(sock, select.POLLIN)
        return lambda: len(poller.poll(0))
    wanted = _PollFd(sock.fileno(), select.POLLIN, 0)
    return partial(_POLL, ctypes.byref(wanted), ctypes.c_ulong(1), ctypes.c_int(0))


class Stream:
    """A connected socket that one thread at a time reads and one at a time writes.

    Attributes:
        sock: The socket.
    """

    __slots__ = ("_channel", "_doomed", "_glance", "_poll", "_receive_into", "_receiving", "_sending", "sock")

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self._use(Channel(sock))
        poller = poll()
        poller.register(sock, select.POLLIN)
        self._poll = poller.poll
        self._glance = _make_glance(sock)
        self._sending = self._receiving = False
        self._doomed = False

    def _use(self, channel: Channel) -> None:
        self._channel = channel
        self._receive_into = channel.receive_into

    def start_tls(self, context: ssl.SSLContext, name: str | None, deadline: float) -> None:
        """Encrypt from here on.

        Raises:
            OSError: The peer or its certificate was refused.
            RedisTimeoutError: The deadline passed.
        """
        channel = TlsChannel(self.sock, context, name)
        channel.handshake(min(deadline, monotonic() + FOREVER))
        self._use(channel)

    @property
    def tls(self) -> ssl.SSLObject | None:
        """What encrypts, or None."""
        channel = self._channel
        return channel.tls if isinstance(channel, TlsChannel) else None

    def send(self, buffers: list[bytes], deadline: float) -> None:
        """Write everything.

        Raises:
            TimeoutError: Not before the deadline.
            OSError: The connection is broken.
        """
        channel = self._channel
        self._sending = True
        try:
            left = channel.send(buffers)
            while left:
                remaining = deadline - monotonic()
                if remaining <= 0:
                    raise TimeoutError
                channel.wait(min(remaining, READ_SLICE), read=False, write=True)
                left = channel.send_rest(left)
        finally:
            self._sending = False
            if self._doomed:
                self.close()

    def receive(self, buffer: bytearray, deadline: float) -> int:
        """Read what there is, waiting until there is something.

        Returns:
            How many bytes arrived; 0 where the peer has closed.

        Raises:
            TimeoutError: Nothing arrived before the deadline.
            OSError: The connection is broken.
        """
        self._receiving = True
        try:
            while True:
                remaining = deadline - monotonic()
                try:
                    if remaining >= READ_SLICE:  # one system call: the socket itself wakes us up to look again
                        return self._receive_into(buffer)
                    if not self._channel.has_unread():
                        self._channel.wait(remaining, read=True, write=False)
                    return self._channel.receive_now(buffer)
                except BlockingIOError:
                    if monotonic() >= deadline:
                        raise TimeoutError from None
        finally:
            self._receiving = False
            if self._doomed:
                self.close()

    def has_unread(self) -> bool:
        """Whether something arrived, the end included, that was not read."""
        return bool(self._glance()) or self._channel.has_unread()

    def wait_readable(self, deadline: float) -> bool:
        """Wait for something to read; return False where nothing came before the deadline."""
        while not self.has_unread():
            remaining = deadline - monotonic()
            if remaining <= 0:
                return False
            self._poll(min(remaining, FOREVER) * 1000)
        return True

    def is_quiet(self) -> bool:
        """Whether nothing arrived, the end included, that was not read."""
        return not (self._glance() or self._channel.has_unread())

    def close(self) -> None:
        """Close the socket; a thread that is reading or writing is woken up and closes it."""
        if self._sending or self._receiving:
            # Closing under a thread in a system call would let it go on with the number's next owner.
            self._doomed = True
            self._channel.shutdown()
        else:
            self._channel.shutdown()
            self.sock.close()

    def break_off(self) -> None:
        """End the connection under whoever uses it, who reads its end and closes the socket."""
        self._channel.shutdown()

    def discard(self) -> None:
        """Close this process's descriptor and leave the connection itself alone: it is another process's too."""
        self.sock.close()

    def drop(self) -> None:
        """Close the socket from anywhere: a finalizer, or where it cannot be used."""
        self.sock.close()
