"""A pool beside a multiplexer that is somebody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...configuration import ConfigurationOptions
from .connection import Connection, ConnectionPool, SSLConnection, UnixDomainSocketConnection

if TYPE_CHECKING:
    from ...asyncio import ConnectionMultiplexer


class BorrowedMultiplexerPool(ConnectionPool):
    """Connections of one's own to the server a multiplexer is connected to, for what cannot be shared."""

    def __init__(self, multiplexer: ConnectionMultiplexer, **options: Any) -> None:
        super().__init__(**options)
        self.is_multiplexed = True
        self._borrowed = multiplexer

    async def get_multiplexer(self) -> ConnectionMultiplexer:
        """Return the multiplexer."""
        return self._borrowed


def borrowed_pool(multiplexer: ConnectionMultiplexer, decode_responses: bool) -> BorrowedMultiplexerPool:
    """Make a pool for a multiplexer.

    Args:
        multiplexer: The multiplexer; it is not closed with the pool.
        decode_responses: Whether replies are turned into text.
    """
    return BorrowedMultiplexerPool(
        multiplexer, decode_responses=decode_responses, **_connection_options(multiplexer.options)
    )


def _connection_options(options: ConfigurationOptions) -> dict[str, Any]:
    """Return the arguments of connections for a multiplexer's options."""
    endpoint = options.endpoints[0]
    given: dict[str, Any] = {
        "db": options.default_database,
        "username": options.user,
        "password": options.password,
        "client_name": options.name,
        "protocol": None if options.protocol == "auto" else options.protocol,
        "socket_timeout": options.timeout,
    }
    if options.credential_provider is not None:
        given["credential_provider"] = options.credential_provider
    if endpoint.path is not None:
        return {**given, "connection_class": UnixDomainSocketConnection, "path": endpoint.path}
    given.update(
        host=endpoint.host,
        port=endpoint.port,
        socket_connect_timeout=options.connect_timeout,
        socket_keepalive=options.tcp_keep_alive,
        connection_class=Connection,
    )
    if options.ssl:
        given.update(
            connection_class=SSLConnection,
            ssl_keyfile=options.ssl_key_file,
            ssl_certfile=options.ssl_cert_file,
            ssl_cert_reqs=options.ssl_verify,
            ssl_ca_certs=options.ssl_ca_file,
            ssl_ca_path=options.ssl_ca_path,
            ssl_ca_data=options.ssl_ca_data,
            ssl_check_hostname=options.ssl_check_hostname,
            ssl_password=options.ssl_key_password,
            ssl_min_version=options.ssl_min_version,
            ssl_ciphers=options.ssl_ciphers,
        )
    return given
