"""Certificates for TLS tests, made by a certificate authority of the test session's own."""

from __future__ import annotations

import datetime
import ssl
from dataclasses import dataclass
from pathlib import Path

import trustme


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate (with its chain) and its private key, as PEM files."""

    cert: Path
    key: Path


@dataclass(frozen=True, slots=True)
class Certificates:
    """The files one test session needs for TLS.

    Attributes:
        ca: Certificate of the authority that signed all pairs below.
        server: Valid for ``localhost`` and ``127.0.0.1``.
        client: A client's, for servers that ask for one.
        wrong_host: A server's, valid for ``elsewhere.example`` only.
        expired: A server's for ``localhost`` and ``127.0.0.1``, expired in 2001.
        ending: The same, to expire in three days.
        stranger: Certificate of an authority that signed nothing here.
    """

    ca: Path
    server: Pair
    client: Pair
    wrong_host: Pair
    expired: Pair
    ending: Pair
    stranger: Path

    @classmethod
    def create(cls, directory: Path) -> Certificates:
        """Write all files into ``directory``, which must exist."""
        authority = trustme.CA()
        authority.cert_pem.write_to_path(directory / "ca.pem")
        trustme.CA().cert_pem.write_to_path(directory / "stranger.pem")
        here = ("localhost", "127.0.0.1")
        soon = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=3)
        past = datetime.datetime(2001, 1, 1, tzinfo=datetime.UTC)
        return cls(
            ca=directory / "ca.pem",
            server=_write(authority.issue_cert(*here), directory, "server"),
            client=_write(authority.issue_cert(common_name="client"), directory, "client"),
            wrong_host=_write(authority.issue_cert("elsewhere.example"), directory, "wrong_host"),
            expired=_write(authority.issue_cert(*here, not_before=past, not_after=past), directory, "expired"),
            ending=_write(authority.issue_cert(*here, not_after=soon), directory, "ending"),
            stranger=directory / "stranger.pem",
        )

    def client_context(self, *, with_certificate: bool = True) -> ssl.SSLContext:
        """Return a context that trusts ``ca`` and, by default, shows the client certificate."""
        context = ssl.create_default_context(cafile=str(self.ca))
        if with_certificate:
            context.load_cert_chain(self.client.cert, self.client.key)
        return context

    def server_context(self, pair: Pair | None = None, *, require_client: bool = False) -> ssl.SSLContext:
        """Return a server's context that shows ``pair`` (by default :attr:`server`)."""
        pair = pair or self.server
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(self.ca))
        context.load_cert_chain(pair.cert, pair.key)
        if require_client:
            context.verify_mode = ssl.CERT_REQUIRED
        return context


def _write(leaf: trustme.LeafCert, directory: Path, name: str) -> Pair:
    pair = Pair(directory / f"{name}.pem", directory / f"{name}.key")
    leaf.private_key_pem.write_to_path(pair.key)
    for index, blob in enumerate(leaf.cert_chain_pems):
        blob.write_to_path(pair.cert, append=index > 0)
    return pair
