# Generated from multiplexer/pools/asyncio/transports.py by scripts/generate_blocking.py; change that file instead.
"""Connections over TCP, TLS and Unix sockets."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ...configuration.hidden import hidden, hide_secrets
from ...drivers import hints
from ...drivers.threads.sockets import connect, connect_unix, resolve
from .. import urls
from ..options import configure_tcp, keepalive_options, numeric_address, revocation_check, tls_context, verification
from .connection import AbstractConnection

if TYPE_CHECKING:
    from ...ocsp import RevocationCheck


_VERIFY_MODES = {"none": ssl.CERT_NONE, "optional": ssl.CERT_OPTIONAL, "required": ssl.CERT_REQUIRED}


class Connection(AbstractConnection):
    """A connection over TCP.

    Args:
        host, port: The server.
        socket_keepalive: Whether the system probes a silent peer.
        socket_keepalive_options: Its probes, by the socket module's constant or its name; None for the first after 30
            seconds, every 5 seconds, 3 of them.
        socket_type: Family of addresses to use, such as ``socket.AF_INET``; 0 for any.
        options: Those of :class:`AbstractConnection`.
    """

    def __init__(
        self,
        host: str = "localhost",
        port: int | str = 6379,
        socket_keepalive: bool = True,
        socket_keepalive_options: Mapping[int | str, int] | None = None,
        socket_type: int = 0,
        **options: Any,
    ) -> None:
        options = hide_secrets(options)
        super().__init__(**options)
        self.host = host
        self.port = int(port)
        self.socket_keepalive = socket_keepalive
        self.socket_keepalive_options = socket_keepalive_options
        self.socket_type = socket_type
        self._probes = keepalive_options(socket_keepalive_options)

    def repr_pieces(self) -> list[tuple[str, Any]]:
        return [("host", self.host), ("port", self.port), *super().repr_pieces()]

    def _host_error(self) -> str:
        return f"{self.host}:{self.port}"

    def _hint(self, error: BaseException) -> str:
        return hints.hint(error, False, False)

    def _connect(self) -> socket.socket:
        deadline = self._connect_deadline
        asked = self.host, self.port, self.socket_type
        sock = connect(numeric_address(*asked) or resolve(*asked, deadline), deadline)
        try:
            configure_tcp(sock, self.socket_keepalive, self._probes)
        except BaseException:
            sock.close()
            raise
        return sock


class SSLConnection(Connection):
    """A connection over TCP and TLS.

    Args:
        ssl_keyfile, ssl_certfile, ssl_password: The client's own certificate and key, in PEM files.
        ssl_cert_reqs: ``"required"``, ``"optional"`` or ``"none"``, or ``ssl``'s constants: whether the server's
            certificate is verified.
        ssl_include_verify_flags, ssl_exclude_verify_flags: ``ssl.VerifyFlags`` to set and to clear.
        ssl_ca_certs, ssl_ca_path, ssl_ca_data: Authorities to trust, as a file, a folder, or data; by default the
            system's.
        ssl_check_hostname: Whether the certificate must be made out to ``host``.
        ssl_min_version: Lowest version of TLS, as ``ssl.TLSVersion``; 1.2 by default.
        ssl_ciphers: Ciphers to allow, in OpenSSL's form.
        ssl_validate_ocsp: Whether the responder that the server's certificate names must say that it is good.
        ssl_validate_ocsp_stapled: Whether the server must prove that itself, with what the responder gave it. It is
            asked for over a second connection, because Python's ``ssl`` cannot ask for it.
        ssl_ocsp_context: An ``OpenSSL.SSL.Context`` for that connection; by default one that shows the client's own
            certificate.
        ssl_ocsp_expected_cert: The only certificate to accept then, in PEM.
        options: Those of :class:`Connection`.
    """

    def __init__(
        self,
        ssl_keyfile: str | None = None,
        ssl_certfile: str | None = None,
        ssl_cert_reqs: str | ssl.VerifyMode | None = "required",
        ssl_include_verify_flags: Iterable[ssl.VerifyFlags] | None = None,
        ssl_exclude_verify_flags: Iterable[ssl.VerifyFlags] | None = None,
        ssl_ca_certs: str | None = None,
        ssl_ca_path: str | None = None,
        ssl_ca_data: str | bytes | None = None,
        ssl_check_hostname: bool = True,
        ssl_password: str | None = None,
        ssl_min_version: ssl.TLSVersion | None = None,
        ssl_ciphers: str | None = None,
        ssl_validate_ocsp: bool = False,
        ssl_validate_ocsp_stapled: bool = False,
        ssl_ocsp_context: Any = None,
        ssl_ocsp_expected_cert: str | bytes | None = None,
        **options: Any,
    ) -> None:
        options = hide_secrets(options)
        super().__init__(**options)
        required = verification(ssl_cert_reqs)
        # Under redis-py's names, for programs that look; what is connected with is in ssl_options.
        self.keyfile = ssl_keyfile
        self.certfile = ssl_certfile
        self.certificate_password = hidden(ssl_password)
        self.cert_reqs = _VERIFY_MODES[required]
        self.ca_certs = ssl_ca_certs
        self.ca_path = ssl_ca_path
        self.ca_data = ssl_ca_data
        self.check_hostname = ssl_check_hostname and required != "none"
        self.ssl_min_version = self.min_version = ssl_min_version
        self.ssl_ciphers = ssl_ciphers
        self.ssl_options: dict[str, Any] = {
            "ssl_keyfile": ssl_keyfile,
            "ssl_certfile": ssl_certfile,
            "ssl_cert_reqs": required,
            "ssl_ca_certs": ssl_ca_certs,
            "ssl_ca_path": ssl_ca_path,
            "ssl_ca_data": ssl_ca_data,
            "ssl_check_hostname": self.check_hostname,
            "ssl_password": self.certificate_password,
            "ssl_min_version": ssl_min_version,
            "ssl_ciphers": ssl_ciphers,
        }
        self.ssl_include_verify_flags = self.include_verify_flags = ssl_include_verify_flags
        self.ssl_exclude_verify_flags = self.exclude_verify_flags = ssl_exclude_verify_flags
        self.ssl_validate_ocsp = ssl_validate_ocsp
        self.ssl_validate_ocsp_stapled = ssl_validate_ocsp_stapled
        self.ssl_ocsp_context = ssl_ocsp_context
        self.ssl_ocsp_expected_cert = ssl_ocsp_expected_cert
        self._ocsp = revocation_check(
            ssl_validate_ocsp, ssl_validate_ocsp_stapled, ssl_ocsp_context, ssl_ocsp_expected_cert, self.ssl_options
        )

    def _revocation(self) -> RevocationCheck | None:
        return self._ocsp

    def _hint(self, error: BaseException) -> str:
        return hints.hint(error, True, self.ssl_options["ssl_certfile"] is not None, "ssl_ca_certs")

    def _tls(self) -> tuple[ssl.SSLContext, str | None]:
        return tls_context(self.ssl_options, self.ssl_include_verify_flags, self.ssl_exclude_verify_flags), self.host


class UnixDomainSocketConnection(AbstractConnection):
    """A connection over a Unix socket.

    Args:
        path: Where the socket is.
        options: Those of :class:`AbstractConnection`.
    """

    def __init__(self, path: str = "", **options: Any) -> None:
        options = hide_secrets(options)
        super().__init__(**options)
        self.path = path

    def repr_pieces(self) -> list[tuple[str, Any]]:
        return [("path", self.path), *super().repr_pieces()]

    def _host_error(self) -> str:
        return self.path

    def _connect(self) -> socket.socket:
        return connect_unix(self.path, self._connect_deadline)


def parse_url(url: str) -> dict[str, Any]:
    """Return the arguments of a pool that a URL stands for, ``connection_class`` included where it is not the usual.

    Args:
        url: As for :func:`multiplexer.pools.urls.parse_url`.

    Raises:
        ConfigurationError: A part is malformed; the message names the part.
    """
    options = urls.parse_url(url)
    scheme = options.pop("scheme")
    if scheme != "tcp":
        options["connection_class"] = SSLConnection if scheme == "tls" else UnixDomainSocketConnection
    return options
