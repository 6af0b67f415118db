"""Opening sockets in the world of threads."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING, Any

from ..sockets import Addresses, configure_socket, connect_error, first_hop, host_to_resolve, open_tunnel

if TYPE_CHECKING:
    from ...configuration import ConfigurationOptions, EndPoint

#: Seconds that stand for no deadline; system calls do not take infinity.
FOREVER = 1e6


def resolve(host: str, port: int, family: int, deadline: float) -> list[Any]:
    """Return the addresses of a host as ``getaddrinfo`` does.

    Raises:
        OSError: There is none.
    """
    return socket.getaddrinfo(host_to_resolve(host), port, family, socket.SOCK_STREAM)


def connect(family: int, address: Any, deadline: float) -> socket.socket:
    """Return a socket connected to an address.

    Raises:
        OSError: It cannot be reached, or not before the deadline (TimeoutError).
    """
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.settimeout(min(max(deadline - time.monotonic(), 0.001), FOREVER))
        sock.connect(address)
    except BaseException:
        sock.close()
        raise
    return sock


def open_socket(endpoint: EndPoint, options: ConfigurationOptions, known: Addresses, deadline: float) -> socket.socket:
    """Connect a socket to an endpoint, or to the tunnel that leads there; see :func:`open_channel`."""
    remaining = deadline - time.monotonic()
    if options.socket_factory is not None:
        return options.socket_factory(endpoint, remaining)
    if endpoint.path is not None:
        return _connect(socket.AF_UNIX, socket.SOCK_STREAM, 0, endpoint.path, remaining)
    host, port = first_hop(endpoint, options)
    addresses = known.get((host, port)) or socket.getaddrinfo(host_to_resolve(host), port, type=socket.SOCK_STREAM)
    if options.resolve_dns:
        known[host, port] = addresses
    errors: list[OSError] = []
    for tried, (family, kind, proto, _, address) in enumerate(addresses):
        share = (deadline - time.monotonic()) / (len(addresses) - tried)
        try:
            sock = _connect(family, kind, proto, address, share)
        except OSError as error:
            errors.append(error)
            continue
        try:
            configure_socket(sock, options)
            if options.tunnel is not None:
                _pass_tunnel(sock, endpoint, deadline)
        except BaseException:
            sock.close()
            raise
        return sock
    raise connect_error(endpoint, errors)


def _connect(family: int, kind: int, proto: int, address: object, timeout: float) -> socket.socket:
    sock = socket.socket(family, kind, proto)
    try:
        sock.settimeout(max(timeout, 0.001))
        sock.connect(address)  # type: ignore[arg-type]
    except BaseException:
        sock.close()
        raise
    return sock


def _pass_tunnel(sock: socket.socket, endpoint: EndPoint, deadline: float) -> None:
    talk = open_tunnel(endpoint)
    request = next(talk)
    try:
        while True:
            if request:
                sock.sendall(request)
            sock.settimeout(max(deadline - time.monotonic(), 0.001))
            request = talk.send(sock.recv(65536))
    except StopIteration:
        return
