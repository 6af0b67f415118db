"""TLS settings that become a context when it is first asked for."""

from __future__ import annotations

import ssl
from collections.abc import Iterable

from ...pools.options import tls_context, verification

__all__ = ["RedisSSLContext"]


class RedisSSLContext:
    """TLS settings of a client, and the context they describe.

    Args:
        keyfile, certfile, password: The client's own certificate and key, in PEM files.
        cert_reqs: ``"required"``, ``"optional"`` or ``"none"``, or ``ssl``'s constants: whether the server's
            certificate is verified; None for not.
        include_verify_flags, exclude_verify_flags: ``ssl.VerifyFlags`` to set and to clear.
        ca_certs, ca_path, ca_data: Authorities to trust, as a file, a folder, or data; by default the system's.
        check_hostname: Whether the certificate must be made out to the host.
        min_version: Lowest version of TLS; 1.2 by default.
        ciphers: Ciphers to allow, in OpenSSL's form.

    Attributes:
        context: The context once it was made, else None.

    Raises:
        ConfigurationError: ``cert_reqs`` is none of the words.
    """

    __slots__ = (
        "ca_certs",
        "ca_data",
        "ca_path",
        "cert_reqs",
        "certfile",
        "check_hostname",
        "ciphers",
        "context",
        "exclude_verify_flags",
        "include_verify_flags",
        "keyfile",
        "min_version",
        "password",
    )

    def __init__(
        self,
        keyfile: str | None = None,
        certfile: str | None = None,
        cert_reqs: str | ssl.VerifyMode | None = None,
        include_verify_flags: Iterable[ssl.VerifyFlags] | None = None,
        exclude_verify_flags: Iterable[ssl.VerifyFlags] | None = None,
        ca_certs: str | None = None,
        ca_data: str | bytes | None = None,
        ca_path: str | None = None,
        check_hostname: bool = False,
        min_version: ssl.TLSVersion | None = None,
        ciphers: str | None = None,
        password: str | None = None,
    ) -> None:
        verification(cert_reqs)  # raises now what cannot be
        self.keyfile = keyfile
        self.certfile = certfile
        self.cert_reqs = cert_reqs
        self.include_verify_flags = include_verify_flags
        self.exclude_verify_flags = exclude_verify_flags
        self.ca_certs = ca_certs
        self.ca_data = ca_data
        self.ca_path = ca_path
        self.check_hostname = check_hostname
        self.min_version = min_version
        self.ciphers = ciphers
        self.password = password
        self.context: ssl.SSLContext | None = None

    def get(self) -> ssl.SSLContext:
        """Return the context, the same each time.

        Raises:
            ConfigurationError: A certificate, key or cipher list cannot be used.
        """
        if self.context is None:
            required = verification(self.cert_reqs)
            options = {
                "ssl_keyfile": self.keyfile,
                "ssl_certfile": self.certfile,
                "ssl_cert_reqs": required,
                "ssl_ca_certs": self.ca_certs,
                "ssl_ca_path": self.ca_path,
                "ssl_ca_data": self.ca_data,
                "ssl_check_hostname": self.check_hostname and required != "none",
                "ssl_password": self.password,
                "ssl_min_version": self.min_version,
                "ssl_ciphers": self.ciphers,
            }
            self.context = tls_context(options, self.include_verify_flags, self.exclude_verify_flags)
        return self.context
