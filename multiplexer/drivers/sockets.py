"""Opening sockets: what both worlds share."""

from __future__ import annotations

import socket
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from ..errors import RedisConnectionError
from ..importing import importing

if TYPE_CHECKING:
    from ..configuration import ConfigurationOptions, EndPoint

#: Addresses as ``getaddrinfo`` gives them, by host and port: kept where names are resolved once for good.
Addresses = dict[tuple[str, int], list[tuple[Any, Any, int, str, Any]]]

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


def connect_error(endpoint: EndPoint, errors: list[OSError]) -> OSError:
    """Make one error of what every address of an endpoint answered."""
    if len(errors) == 1:
        return errors[0]
    return OSError(f"no address of {endpoint} could be reached: " + "; ".join(str(error) for error in errors))
