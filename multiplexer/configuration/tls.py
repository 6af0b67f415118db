"""The ``ssl.SSLContext`` that the TLS options describe."""

from __future__ import annotations

import os
import ssl
from typing import TYPE_CHECKING

from ..errors import ConfigurationError

if TYPE_CHECKING:
    from typing import Protocol

    class FilesOfTls(Protocol):
        """The options that name files."""

        @property
        def ssl_ca_file(self) -> str | None: ...
        @property
        def ssl_ca_path(self) -> str | None: ...
        @property
        def ssl_cert_file(self) -> str | None: ...
        @property
        def ssl_key_file(self) -> str | None: ...

    class TlsOptions(FilesOfTls, Protocol):
        """The options that are about TLS; see :class:`~.options.ConfigurationOptions`."""

        @property
        def ssl_context(self) -> ssl.SSLContext | None: ...
        @property
        def ssl_verify(self) -> str: ...
        @property
        def ssl_check_hostname(self) -> bool: ...
        @property
        def ssl_ca_data(self) -> str | None: ...
        @property
        def ssl_key_password(self) -> str | None: ...
        @property
        def ssl_protocols(self) -> tuple[str, ...] | None: ...
        @property
        def ssl_min_version(self) -> str | None: ...
        @property
        def ssl_ciphers(self) -> str | None: ...
        @property
        def check_certificate_revocation(self) -> bool | str: ...


_VERSIONS = {
    "1.0": ssl.TLSVersion.TLSv1,
    "1.1": ssl.TLSVersion.TLSv1_1,
    "1.2": ssl.TLSVersion.TLSv1_2,
    "1.3": ssl.TLSVersion.TLSv1_3,
}
_VERIFY = {"required": ssl.CERT_REQUIRED, "optional": ssl.CERT_OPTIONAL, "none": ssl.CERT_NONE}


def create_ssl_context(options: TlsOptions) -> ssl.SSLContext:
    """Return ``options.ssl_context``, or a context made from the other TLS options.

    Certificate and host name are verified unless the options say otherwise, and TLS 1.2 is the lowest version.

    Raises:
        ConfigurationError: A certificate, key or cipher list cannot be used.
    """
    if options.ssl_context is not None:
        return options.ssl_context
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = options.ssl_check_hostname  # first: verify_mode cannot be CERT_NONE while it is set
    context.verify_mode = _VERIFY[options.ssl_verify]
    _limit_versions(context, options)
    _load_trusted(context, options)
    _load_own(context, options)
    if options.ssl_ciphers is not None:
        try:
            context.set_ciphers(options.ssl_ciphers)
        except ssl.SSLError as error:
            raise ConfigurationError("ssl_ciphers: no cipher of this list can be used") from error
    return context


def state_of_files(options: FilesOfTls) -> tuple[object, ...]:
    """Return what changes when one of the files does that a context is made of: they are replaced from time to time."""
    paths = (options.ssl_ca_file, options.ssl_ca_path, options.ssl_cert_file, options.ssl_key_file)
    return tuple(_state_of(path) for path in paths if path is not None)


def _state_of(path: str) -> object:
    try:
        found = os.stat(path)
    except OSError as error:
        return str(error)
    return found.st_mtime_ns, found.st_size, found.st_ino


def _limit_versions(context: ssl.SSLContext, options: TlsOptions) -> None:
    allowed = options.ssl_protocols
    lowest = max(allowed[0] if allowed else "1.0", options.ssl_min_version or "1.0")
    context.minimum_version = _VERSIONS[lowest] if allowed or options.ssl_min_version else ssl.TLSVersion.TLSv1_2
    if allowed:
        context.maximum_version = _VERSIONS[allowed[-1]]


def _load_trusted(context: ssl.SSLContext, options: TlsOptions) -> None:
    file, path, data = options.ssl_ca_file, options.ssl_ca_path, options.ssl_ca_data
    if file or path or data:
        try:
            context.load_verify_locations(file, path, data)
        except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
            raise ConfigurationError(f"ssl_ca_file, ssl_ca_path, ssl_ca_data: {error}") from error
    elif options.ssl_verify != "none":
        context.load_default_certs()
    if options.check_certificate_revocation is True:
        context.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF


def _load_own(context: ssl.SSLContext, options: TlsOptions) -> None:
    if options.ssl_cert_file is None:
        return
    try:
        # Without a password OpenSSL would ask for one on the terminal.
        context.load_cert_chain(options.ssl_cert_file, options.ssl_key_file, options.ssl_key_password or "")
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"ssl_cert_file, ssl_key_file, ssl_key_password: {error}") from error
