"""Opening sockets on an event loop."""

from __future__ import annotations

import asyncio
import inspect
import socket
from collections.abc import Collection, Iterable
from contextvars import Context
from time import monotonic
from typing import TYPE_CHECKING, Any

from ..sockets import (
    Address,
    Addresses,
    Race,
    configure_socket,
    first_hop,
    host_to_resolve,
    open_tunnel,
)
from .helpers import help_with
from .waiting import running_loop, timeout_at, wake

if TYPE_CHECKING:
    from ...configuration import ConfigurationOptions, EndPoint


async def resolve(host: str, port: int, family: int, deadline: float) -> list[Address]:
    """Return the addresses of a host as ``getaddrinfo`` does.

    Raises:
        OSError: There is none, or it was not found before the deadline (TimeoutError).
    """
    asked = host_to_resolve(host), port, family, socket.SOCK_STREAM
    found: list[Address] = await help_with(f"looking up {host}", deadline, socket.getaddrinfo, *asked)
    return found


async def connect(addresses: Iterable[Address], deadline: float) -> socket.socket:
    """Return a socket connected to the first of a host's addresses that answers; see :class:`Race`.

    Raises:
        OSError: None can be reached, or not before the deadline (TimeoutError).
    """
    race = Race(addresses, deadline)
    ready: list[socket.socket] = []
    try:
        while (sock := race.step(monotonic(), ready)) is None:
            ready = await _writable(race.sockets, race.next_step)
        return sock
    finally:
        race.close()


async def _writable(sockets: Collection[socket.socket], until: float) -> list[socket.socket]:
    """Wait until some sockets can be written to, and return them; none where time is up before."""
    loop = running_loop()
    found: list[socket.socket] = []
    waiting: asyncio.Future[None] = loop.create_future()

    def ready(sock: socket.socket) -> None:
        loop.remove_writer(sock)  # or it would be told of again in the next turn of the loop
        found.append(sock)
        wake(waiting)

    timer = None if until == float("inf") else loop.call_at(until, wake, waiting, context=Context())
    try:
        for sock in sockets:
            loop.add_writer(sock, ready, sock)
        await waiting
    finally:
        for sock in sockets:
            loop.remove_writer(sock)
        if timer is not None:
            timer.cancel()
    return found


async def connect_unix(path: str, deadline: float) -> socket.socket:
    """Return a socket connected to a Unix socket.

    Raises:
        OSError: It cannot be reached.
    """
    return await connect([(socket.AF_UNIX, socket.SOCK_STREAM, 0, "", path)], deadline)


async def open_socket(
    endpoint: EndPoint, options: ConfigurationOptions, known: Addresses, deadline: float
) -> socket.socket:
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
        return await _from_factory(options.socket_factory, endpoint, deadline)
    if endpoint.path is not None:
        return await connect_unix(endpoint.path, deadline)
    hop = first_hop(endpoint, options)
    addresses = known.get(hop) or await resolve(*hop, 0, deadline)
    if options.resolve_dns:
        known[hop] = addresses
    sock = await connect(addresses, deadline)
    try:
        configure_socket(sock, options)
        if options.tunnel is not None:
            await _pass_tunnel(sock, endpoint, deadline)
    except BaseException:
        sock.close()
        raise
    return sock


async def _from_factory(factory: Any, endpoint: EndPoint, deadline: float) -> socket.socket:
    seconds = deadline - monotonic()
    if inspect.iscoroutinefunction(factory):
        async with timeout_at(deadline):
            sock: socket.socket = await factory(endpoint, seconds)
    else:
        sock = await help_with("socketFactory", deadline, factory, endpoint, seconds)
    sock.setblocking(False)
    return sock


async def _pass_tunnel(sock: socket.socket, endpoint: EndPoint, deadline: float) -> None:
    loop = asyncio.get_running_loop()
    talk = open_tunnel(endpoint)
    request = next(talk)
    async with timeout_at(deadline):
        while True:
            if request:
                await loop.sock_sendall(sock, request)
            try:
                request = talk.send(await loop.sock_recv(sock, 65536))
            except StopIteration:
                return
