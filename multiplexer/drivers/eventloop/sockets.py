"""Opening sockets on an event loop."""

from __future__ import annotations

import asyncio
import inspect
import socket
from time import monotonic
from typing import TYPE_CHECKING, Any

from ..sockets import Addresses, configure_socket, connect_error, first_hop, host_to_resolve, open_tunnel
from .waiting import timeout_at

if TYPE_CHECKING:
    from ...configuration import ConfigurationOptions, EndPoint


async def resolve(host: str, port: int, family: int, deadline: float) -> list[Any]:
    """Return the addresses of a host as ``getaddrinfo`` does.

    Raises:
        OSError: There is none, or it was not found before the deadline (TimeoutError).
    """
    async with timeout_at(deadline):
        loop = asyncio.get_running_loop()
        return await loop.getaddrinfo(host_to_resolve(host), port, family=family, type=socket.SOCK_STREAM)


async def connect(family: int, address: Any, deadline: float) -> socket.socket:
    """Return a socket connected to an address.

    Raises:
        OSError: It cannot be reached, or not before the deadline (TimeoutError).
    """
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        async with timeout_at(deadline):
            await asyncio.get_running_loop().sock_connect(sock, address)
    except BaseException:
        sock.close()
        raise
    return sock


async def open_socket(
    endpoint: EndPoint, options: ConfigurationOptions, known: Addresses, deadline: float
) -> socket.socket:
    """Connect a socket to an endpoint, or to the tunnel that leads there.

    Args:
        endpoint: Where to.
        options: Tunnel, socket factory and what sockets are set to.
        known: Addresses resolved before; filled where names are resolved once for good.
        deadline: Time of ``time.monotonic`` that the addresses share; the caller sees to the whole.

    Raises:
        OSError: It cannot be reached.
        RedisConnectionError: The tunnel refused.
    """
    if options.socket_factory is not None:
        return await _from_factory(options.socket_factory, endpoint, deadline - monotonic())
    if endpoint.path is not None:
        return await _connect(socket.AF_UNIX, socket.SOCK_STREAM, 0, endpoint.path)
    errors: list[OSError] = []
    addresses = await _addresses(first_hop(endpoint, options), options, known)
    for tried, (family, kind, proto, _, address) in enumerate(addresses):
        share = (deadline - monotonic()) / (len(addresses) - tried)
        try:
            async with asyncio.timeout(share):
                sock = await _connect(family, kind, proto, address)
        except OSError as error:  # TimeoutError is one
            errors.append(error)
            continue
        try:
            configure_socket(sock, options)
            if options.tunnel is not None:
                await _pass_tunnel(sock, endpoint)
        except BaseException:
            sock.close()
            raise
        return sock
    raise connect_error(endpoint, errors)


async def _addresses(hop: tuple[str, int], options: ConfigurationOptions, known: Addresses) -> list[Any]:
    host, port = hop
    loop = asyncio.get_running_loop()
    addresses = known.get(hop) or await loop.getaddrinfo(host_to_resolve(host), port, type=socket.SOCK_STREAM)
    if options.resolve_dns:
        known[hop] = addresses
    return addresses


async def _from_factory(factory: Any, endpoint: EndPoint, seconds: float) -> socket.socket:
    if inspect.iscoroutinefunction(factory):
        sock: socket.socket = await factory(endpoint, seconds)
    else:
        sock = await asyncio.get_running_loop().run_in_executor(None, factory, endpoint, seconds)
    sock.setblocking(False)
    return sock


async def _connect(family: int, kind: int, proto: int, address: Any) -> socket.socket:
    sock = socket.socket(family, kind, proto)
    try:
        sock.setblocking(False)
        await asyncio.get_running_loop().sock_connect(sock, address)
    except BaseException:
        sock.close()
        raise
    return sock


async def _pass_tunnel(sock: socket.socket, endpoint: EndPoint) -> None:
    loop = asyncio.get_running_loop()
    talk = open_tunnel(endpoint)
    request = next(talk)
    while True:
        if request:
            await loop.sock_sendall(sock, request)
        try:
            request = talk.send(await loop.sock_recv(sock, 65536))
        except StopIteration:
            return
