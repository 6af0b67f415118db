"""Opening sockets: what both worlds share."""

from __future__ import annotations

import errno
import os
import socket
from collections import deque
from collections.abc import Generator, Iterable
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from ..errors import RedisConnectionError
from ..importing import importing

if TYPE_CHECKING:
    from ..configuration import ConfigurationOptions, EndPoint

#: An address as ``getaddrinfo`` gives it: family, kind and protocol, a name, and what ``connect`` takes.
Address = tuple[Any, Any, int, str, Any]
#: Addresses by host and port: kept where names are resolved once for good.
Addresses = dict[tuple[str, int], list[Address]]

#: Seconds an address has for itself before the next one is tried beside it; what RFC 8305 recommends.
HEAD_START = 0.25
_UNDER_WAY = (errno.EINPROGRESS, errno.EINTR)

_KEEPALIVE_PROBES = (("TCP_KEEPIDLE", 30), ("TCP_KEEPINTVL", 5), ("TCP_KEEPCNT", 3))


def configure_socket(sock: socket.socket, options: ConfigurationOptions) -> None:
    """Set what every TCP connection wants; a Unix socket is left as it is."""
    if sock.family == getattr(socket, "AF_UNIX", None):
        return
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if options.tcp_keep_alive:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in _KEEPALIVE_PROBES:
            if hasattr(socket, name):
                sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
    if options.tcp_user_timeout and hasattr(socket, "TCP_USER_TIMEOUT"):
        milliseconds = max(int(options.tcp_user_timeout * 1000), 1)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, milliseconds)


def first_hop(endpoint: EndPoint, options: ConfigurationOptions) -> tuple[str, int]:
    """Return host and port to connect to: the tunnel's where there is one."""
    if options.tunnel is None:
        return endpoint.host, endpoint.port
    host, _, port = options.tunnel.removeprefix("http:").rpartition(":")
    return host.strip("[]"), int(port)


def host_to_resolve(host: str) -> str | bytes:
    """Return a host for ``getaddrinfo``, which of text imports a codec in whatever thread calls it."""
    if host.isascii():
        return host.encode()
    with importing:
        import encodings.idna  # noqa: F401
    return host


def open_tunnel(endpoint: EndPoint) -> Generator[bytes, bytes, None]:
    """Ask an HTTP proxy for a way through: yields bytes to send, and takes what came back.

    Raises:
        RedisConnectionError: The proxy refused.
    """
    host = f"[{endpoint.host}]" if ":" in endpoint.host else endpoint.host
    target = f"{host}:{endpoint.port}"
    answer = yield f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode()
    while b"\r\n\r\n" not in answer:
        more = yield b""
        if not more or len(answer) > 65536:
            raise RedisConnectionError("the HTTP proxy closed the connection or did not answer as one")
        answer += more
    status = answer.split(b"\r\n", 1)[0].decode(errors="replace")
    if len(status.split()) < 2 or status.split()[1] != "200":
        raise RedisConnectionError(f"the HTTP proxy refused to connect to {target}: {status}")


def in_turn(addresses: Iterable[Address]) -> list[Address]:
    """Return addresses in the order in which to try them: families take turns, that of the first one begins."""
    families: dict[Any, list[Address]] = {}
    for address in addresses:
        families.setdefault(address[0], []).append(address)
    return [address for turn in zip_longest(*families.values()) for address in turn if address is not None]


class Race:
    """Connects to whichever address of a host answers first: RFC 8305's happy eyeballs.

    The first address is tried at once, each other one when the one before it has not answered for
    :data:`HEAD_START` seconds, or when one fails. All share one deadline, and are tried sooner where it is near.

    Nothing here waits. A driver calls :meth:`step`, and does so again once one of ``sockets`` can be written to, which
    is how the system says that it is connected or failed, or once it is ``next_step``. In the end it calls
    :meth:`close`.

    Args:
        addresses: As ``getaddrinfo`` gives them.
        deadline: When to give up, by the clock of :meth:`step`.

    Attributes:
        sockets: Those that are being connected, and how errors name their addresses.
        next_step: When to step again at the latest.
    """

    def __init__(self, addresses: Iterable[Address], deadline: float) -> None:
        self.sockets: dict[socket.socket, str] = {}
        self.next_step = deadline
        self._deadline = deadline
        self._untried = deque(in_turn(addresses))
        self._next_start = float("-inf")
        self._errors: list[tuple[str, OSError]] = []

    def step(self, now: float, ready: Iterable[socket.socket] = ()) -> socket.socket | None:
        """Go on: see what became of attempts, and begin those that are due.

        Args:
            now: The time.
            ready: Those of ``sockets`` that can be written to.

        Returns:
            The socket that is connected, which is the caller's from now on; None where none is yet.

        Raises:
            OSError: No address can be reached, or none answered before the deadline (TimeoutError).
        """
        for sock in ready:
            name = self.sockets.pop(sock)
            code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if not code:
                return sock
            sock.close()
            self._failed(name, _error(code))
        if now >= self._deadline:
            raise self._late()
        while self._untried and now >= self._next_start:
            connected = self._start(self._untried.popleft(), now)
            if connected is not None:
                return connected
        if not self.sockets:
            raise self._lost()
        self.next_step = min(self._next_start, self._deadline) if self._untried else self._deadline
        return None

    def close(self) -> None:
        """Give up what is still being connected."""
        while self.sockets:
            self.sockets.popitem()[0].close()

    def _start(self, address: Address, now: float) -> socket.socket | None:
        """Try one more address; return a socket if that is connected at once, as those of Unix are."""
        share = (self._deadline - now) / (len(self._untried) + 1)  # so that each is tried, however little time there is
        self._next_start = now + min(HEAD_START, share)
        family, kind, proto, _, where = address
        name = _shown(where)
        try:
            sock = socket.socket(family, kind, proto)
        except OSError as error:  # a family this system does not have
            self._failed(name, error)
            return None
        self.sockets[sock] = name  # from here on close() sees to it
        try:
            sock.setblocking(False)
            code = sock.connect_ex(where)
        except OSError as error:  # a path that is too long
            self._failed(name, error)
        else:
            if not code:
                del self.sockets[sock]
                return sock
            if code in _UNDER_WAY:
                return None
            self._failed(name, _error(code))
        del self.sockets[sock]
        sock.close()
        return None

    def _failed(self, name: str, error: OSError) -> None:
        self._errors.append((name, error))
        self._next_start = float("-inf")  # whoever is next need not wait any longer

    def _late(self) -> TimeoutError:
        said = [*self._said(), *(f"{name}: no answer in time" for name in self.sockets.values())]
        return TimeoutError("; ".join(said) or "no time was left to connect")

    def _lost(self) -> OSError:
        if len(self._errors) == 1:
            return self._errors[0][1]
        lost = OSError("; ".join(self._said()) or "the host has no address")
        lost.errno = self._errors[0][1].errno if self._errors else None
        return lost

    def _said(self) -> list[str]:
        return [f"{name}: {error}" for name, error in self._errors]


def _shown(where: Any) -> str:
    if not isinstance(where, tuple):
        return str(where)  # a path
    host, port = where[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _error(code: int) -> OSError:
    return OSError(code, os.strerror(code))
