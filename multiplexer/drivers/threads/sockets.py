"""Opening sockets in the world of threads."""

from __future__ import annotations

import select
import socket
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from ...errors import ConfigurationError
from ..sockets import (
    Address,
    Addresses,
    Race,
    configure_socket,
    first_hop,
    host_to_resolve,
    open_tunnel,
)
from .primitives import monotonic, poll

if TYPE_CHECKING:
    from ...configuration import ConfigurationOptions, EndPoint

#: Seconds that stand for no deadline; system calls do not take infinity.
FOREVER = 1e6


def require_poll() -> None:
    """See that threads are threads.

    Raises:
        ConfigurationError: eventlet has put others in their place, and taken away what waits for sockets.
    """
    if not hasattr(select, "poll"):
        raise ConfigurationError(
            "eventlet has patched the standard library (monkey_patch), and select.poll is gone: use threads or asyncio"
        )


def resolve(host: str, port: int, family: int, deadline: float) -> list[Address]:
    """Return the addresses of a host as ``getaddrinfo`` does.

    Raises:
        OSError: There is none.
    """
    return socket.getaddrinfo(host_to_resolve(host), port, family, socket.SOCK_STREAM)


def connect(addresses: Iterable[Address], deadline: float) -> socket.socket:
    """Return a socket connected to the first of a host's addresses that answers; see :class:`Race`.

    Raises:
        ConfigurationError: The standard library was patched by eventlet.
        OSError: None can be reached, or not before the deadline (TimeoutError).
    """
    require_poll()
    race = Race(addresses, deadline)
    ready: list[socket.socket] = []
    try:
        while (sock := race.step(monotonic(), ready)) is None:
            ready = _writable(race.sockets, race.next_step)
        return sock
    finally:
        race.close()


def _writable(sockets: Collection[socket.socket], until: float) -> list[socket.socket]:
    """Wait until some sockets can be written to, and return them; none where time is up before."""
    poller = poll()
    for sock in sockets:
        poller.register(sock, select.POLLOUT)
    found = {number for number, _ in poller.poll(min(max(until - monotonic(), 0), FOREVER) * 1000)}
    return [sock for sock in sockets if sock.fileno() in found]


def connect_unix(path: str, deadline: float) -> socket.socket:
    """Return a socket connected to a Unix socket.

    Raises:
        OSError: It cannot be reached.
    """
    return connect([(socket.AF_UNIX, socket.SOCK_STREAM, 0, "", path)], deadline)


def open_socket(endpoint: EndPoint, options: ConfigurationOptions, known: Addresses, deadline: float) -> socket.socket:
    """Connect a socket to an endpoint, or to the tunnel that leads there.

    Args:
        endpoint: Where to.
        options: Tunnel, socket factory and what sockets are set to.
        known: Addresses resolved before; filled where names are resolved once for good.
        deadline: Time of ``time.monotonic`` by which it must be done.

    Raises:
        OSError: It cannot be reached, or not before the deadline (TimeoutError).
        RedisConnectionError: The tunnel refused.
    """
    if options.socket_factory is not None:
        return options.socket_factory(endpoint, deadline - monotonic())
    if endpoint.path is not None:
        return connect_unix(endpoint.path, deadline)
    hop = first_hop(endpoint, options)
    addresses = known.get(hop) or resolve(*hop, 0, deadline)
    if options.resolve_dns:
        known[hop] = addresses
    sock = connect(addresses, deadline)
    try:
        configure_socket(sock, options)
        if options.tunnel is not None:
            _pass_tunnel(sock, endpoint, deadline)
    except BaseException:
        sock.close()
        raise
    return sock


def _pass_tunnel(sock: socket.socket, endpoint: EndPoint, deadline: float) -> None:
    talk = open_tunnel(endpoint)
    request = next(talk)
    try:
        while True:
            sock.settimeout(max(deadline - monotonic(), 0.001))
            if request:
                sock.sendall(request)
            request = talk.send(sock.recv(65536))
    except StopIteration:
        return
