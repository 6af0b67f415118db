"""What every driver keeps for its bridges."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any

from ..core.handshake.credentials import as_credentials
from ..core.high_integrity import HighIntegrityConnection
from ..core.logging import logger, warn_once
from ..core.physical_connection import PhysicalConnection
from ..core.wire.resp import RespReader, reader_named
from ..errors import ConfigurationError, RedisConnectionError, from_reply, from_whole_reply
from ..importing import importing
from .hints import UNVERIFIED, hint
from .sockets import Addresses

if TYPE_CHECKING:
    import ssl

    from ..configuration import ConfigurationOptions, EndPoint
    from ..core.handshake.handshake import Introduction
    from ..core.physical_bridge import PhysicalBridge
    from ..ocsp import RevocationCheck


class BaseDriver:
    """What every driver keeps for its bridges.

    Attributes:
        options: The configuration.
        addresses: Where names were found that are resolved once for good.
        leases: Connections that one caller has to itself for a while; set by the multiplexer.
        make_cached: Makes handles that keep replies; set by the multiplexer.
        cache: What keeps them, once there is such a handle; else None.
        loads: Values that are being made, by what says for whom; under the driver's lock.
        closed: Whether it was closed.
        on_beat: Called at each heartbeat with the time.
        revocation: What checks by OCSP whether a server's certificate was revoked, or None.

    Raises:
        ConfigurationError: The parser that is asked for is not there, or what OCSP needs.
    """

    def __init__(self, options: ConfigurationOptions) -> None:
        self.options = options
        self.addresses: Addresses = {}
        self.leases: Any = None
        self.make_cached: Any = None
        self.cache: Any = None
        self.loads: dict[tuple[Any, ...], Any] = {}
        self.closed = False
        self.on_beat: Callable[[float], None] = lambda now: None
        self._context: ssl.SSLContext | None = None
        self._context_state: tuple[object, ...] = ()
        self._parser = reader_named(options.parser)
        self.revocation = _revocation(options)

    def make_connection(self, bridge: PhysicalBridge) -> PhysicalConnection:
        """Make the protocol state of a new connection."""
        subscribes = bridge.kind == "subscription"
        # Under RESP2 a subscriber may send no ECHO; what comes to it names its channel. Nor do sentinels know one.
        proven = self.options.high_integrity and bridge.kind not in ("subscription", "sentinel")
        kind = HighIntegrityConnection if proven else self.options.connection_class or PhysicalConnection
        connection: PhysicalConnection = kind(
            bridge.counters, lambda push: bridge.listener.pushed(bridge, push), monotonic()
        )
        connection.pushes_are_replies = subscribes
        if isinstance(connection, HighIntegrityConnection):
            connection.echo_as(self.options.command_map.get("ECHO") or "ECHO")
        if not connection.has_reader:
            make_error = from_whole_reply if self.options.error_details else from_reply
            connection.read_with(RespReader(self._parser, make_error, self.options.max_reply_bytes))
        return connection

    def explained(self, bridge: PhysicalBridge, error: Exception) -> Exception:
        """Return the failure of an attempt to connect, with what may be behind it where none has succeeded yet."""
        if bridge.ever_established:
            return error
        options = self.options
        certificate = options.ssl_cert_file is not None or options.ssl_context is not None
        because = hint(error, options.ssl, certificate)
        if not because:
            return error
        explained = RedisConnectionError(f"no connection to {bridge.endpoint}: {error}{because}")
        explained.__cause__ = error
        return explained

    @staticmethod
    def _with(introduction: Introduction, given: Any) -> Introduction:
        """Add what a credential provider returned."""
        credentials = as_credentials(given)
        return introduction._replace(user=credentials.user, password=credentials.password)

    def reconfigure(self, options: ConfigurationOptions) -> None:
        """Take other options; a TLS context is made anew for the next connection.

        Raises:
            ConfigurationError: What one of them needs is not installed; nothing was changed.
        """
        self._parser, self.revocation = reader_named(options.parser), _revocation(options)
        self.options = options
        self._context = None

    def ssl_context(self) -> ssl.SSLContext | None:
        """Return the TLS context, or None without TLS. It is made anew once its files have been replaced.

        Raises:
            ConfigurationError: A certificate or key cannot be used, and none before could.
        """
        if not self.options.ssl:
            return None
        with importing:
            from ..configuration.tls import state_of_files
        state = state_of_files(self.options)
        if self._context is None or state != self._context_state:
            if self.options.ssl_verify == "none" and self.options.ssl_context is None:
                warn_once(f"sslVerify=none: {UNVERIFIED}")
            try:
                self._context = self.options.create_ssl_context()
                self._context_state = state
                with importing:
                    from .certificates import look_at_own  # only now: most multiplexers have no TLS
                look_at_own(self.options.ssl_cert_file)
            except ConfigurationError as error:
                if self._context is None:
                    raise
                # They are being replaced just now, one after the other: the next connection looks again.
                logger().warning("the TLS files have changed and cannot be used: %s", error)
        return self._context

    @staticmethod
    def look_at_certificate(tls: Any, address: EndPoint) -> None:
        """Tell once of a server's certificate that is about to expire."""
        with importing:
            from .certificates import look_at_servers

        look_at_servers(tls, address)


def _revocation(options: ConfigurationOptions) -> RevocationCheck | None:
    how = options.check_certificate_revocation
    if not options.ssl or isinstance(how, bool):
        return None
    with importing:
        from ..ocsp import RevocationCheck, require_cryptography, staple_context

    stapled = how == "ocspStapled"
    require_cryptography(f"check_certificate_revocation={how}", stapled)
    shown = (options.ssl_cert_file, options.ssl_key_file, options.ssl_key_password)
    return RevocationCheck(stapled=stapled, context=staple_context(*shown) if stapled else None)
