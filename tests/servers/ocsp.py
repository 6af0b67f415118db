"""An authority whose certificates name an OCSP responder, that responder, and a TLS front that staples."""

from __future__ import annotations

import datetime
import select
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID
from OpenSSL import SSL

from .certificates import Pair

_NOW = datetime.datetime.now(datetime.UTC)
_DAY = datetime.timedelta(days=1)


def make_key(kind: str) -> Any:
    """Make a private key: ``ec``, ``rsa`` or ``ed25519``."""
    if kind == "rsa":
        return rsa.generate_private_key(65537, 2048)
    return ed25519.Ed25519PrivateKey.generate() if kind == "ed25519" else ec.generate_private_key(ec.SECP256R1())


def _hash_for(key: Any) -> hashes.SHA256 | None:
    return None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


@dataclass
class Issued:
    """A certificate and its key."""

    cert: x509.Certificate
    key: Any

    @property
    def pem(self) -> bytes:
        """The certificate in PEM."""
        return self.cert.public_bytes(serialization.Encoding.PEM)

    def write(self, directory: Path, name: str) -> Pair:
        """Write both as PEM files."""
        pair = Pair(directory / f"{name}.pem", directory / f"{name}.key")
        pair.cert.write_bytes(self.pem)
        pair.key.write_bytes(
            self.key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return pair


class Authority:
    """Issues certificates.

    Attributes:
        root: Its own.
    """

    def __init__(self, name: str = "authority", key: str = "ec") -> None:
        own = make_key(key)
        self._name = _name(name)
        self.root = self._issue(self._name, own, own, [(x509.BasicConstraints(True, None), True)])

    def _issue(
        self,
        subject: x509.Name,
        key: Any,
        signing: Any,
        extensions: list[tuple[Any, bool]],
        until: Any = _NOW + 30 * _DAY,
    ) -> Issued:
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(_NOW - 30 * _DAY)
            .not_valid_after(until)
        )
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        return Issued(builder.sign(signing, _hash_for(signing)), key)

    def issue(self, responder: str | None, issuer: str | None = None) -> Issued:
        """Issue a server's certificate for ``localhost`` that names a responder, and where the issuer's is."""
        places = [(AuthorityInformationAccessOID.OCSP, responder), (AuthorityInformationAccessOID.CA_ISSUERS, issuer)]
        named = [
            x509.AccessDescription(method, x509.UniformResourceIdentifier(url))
            for method, url in places
            if url is not None
        ]
        extensions: list[tuple[Any, bool]] = [(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False)]
        if named:
            extensions.append((x509.AuthorityInformationAccess(named), False))
        return self._issue(_name("server"), make_key("ec"), self.root.key, extensions)

    def entitle(
        self, usage: x509.ObjectIdentifier | None = ExtendedKeyUsageOID.OCSP_SIGNING, until: Any = _NOW + 30 * _DAY
    ) -> Issued:
        """Issue a responder's certificate, with the usage that entitles it, another or none."""
        extensions: list[tuple[Any, bool]] = []
        if usage is not None:
            extensions.append((x509.ExtendedKeyUsage([usage]), False))
        return self._issue(_name("responder"), make_key("ec"), self.root.key, extensions, until)


@dataclass
class Answers:
    """Makes a responder's answers about one certificate.

    Attributes:
        authority: Who issued it.
        leaf: The certificate.
    """

    authority: Authority
    leaf: Issued

    def make(
        self,
        status: ocsp.OCSPCertStatus = ocsp.OCSPCertStatus.GOOD,
        *,
        about: x509.Certificate | None = None,
        signer: Issued | None = None,
        attached: bool = True,
        by_name: bool = False,
        since: datetime.timedelta = -datetime.timedelta(hours=1),
        until: datetime.timedelta | None = datetime.timedelta(hours=1),
        algorithm: Any = None,
    ) -> bytes:
        """Return an answer."""
        now = datetime.datetime.now(datetime.UTC)
        signer = signer or self.authority.root
        revoked = status is ocsp.OCSPCertStatus.REVOKED
        builder = ocsp.OCSPResponseBuilder().add_response(
            cert=about or self.leaf.cert,
            issuer=self.authority.root.cert,
            algorithm=algorithm or hashes.SHA1(),
            cert_status=status,
            this_update=now + since,
            next_update=None if until is None else now + until,
            revocation_time=now - _DAY if revoked else None,
            revocation_reason=x509.ReasonFlags.key_compromise if revoked else None,
        )
        encoding = ocsp.OCSPResponderEncoding.NAME if by_name else ocsp.OCSPResponderEncoding.HASH
        builder = builder.responder_id(encoding, signer.cert)
        if attached and signer is not self.authority.root:
            builder = builder.certificates([signer.cert])
        return builder.sign(signer.key, _hash_for(signer.key)).public_bytes(serialization.Encoding.DER)

    def revoked(self) -> bytes:
        """Return one that says it was revoked."""
        return self.make(ocsp.OCSPCertStatus.REVOKED)

    def unknown(self) -> bytes:
        """Return one that says nothing is known of it."""
        return self.make(ocsp.OCSPCertStatus.UNKNOWN)

    def forged(self) -> bytes:
        """Return a good one whose signature does not fit."""
        answer = self.make()
        signature = ocsp.load_der_ocsp_response(answer).signature
        return answer.replace(signature, bytes([*signature[:-1], signature[-1] ^ 1]))


class Responder:
    """Answers over HTTP, on a port of its own.

    Attributes:
        url: Where.
        answer: What it sends, or what makes that of the request; None sends nothing for ever.
        status: Its HTTP status.
        slowly: Seconds between two bytes.
        asked: The requests that came.
        fetched: What ``GET`` returns.
    """

    def __init__(self) -> None:
        self.answer: bytes | Callable[[bytes], bytes] | None = None
        self.status = 200
        self.slowly = 0.0
        self.asked: list[bytes] = []
        self.fetched = b""
        self._ended = threading.Event()
        responder = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                request = self.rfile.read(int(self.headers["Content-Length"]))
                responder.asked.append(request)
                answer = responder.answer
                if answer is None:
                    responder._ended.wait()
                    return
                self._send(answer(request) if callable(answer) else answer)

            def do_GET(self) -> None:
                self._send(responder.fetched)

            def _send(self, body: bytes) -> None:
                self.send_response(responder.status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                step = 1 if responder.slowly else len(body) or 1
                try:
                    for at in range(0, len(body), step):
                        self.wfile.write(body[at : at + step])
                        if responder._ended.wait(responder.slowly):
                            return
                except OSError:
                    pass  # the client had enough

            def log_message(self, *args: object) -> None:
                """Stay silent."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/ocsp"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop; nobody listens at the address any more."""
        self._ended.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


@dataclass
class TlsFront:
    """Takes TLS connections and passes on what they carry to a plain server; staples what it is given.

    Attributes:
        target: Where to.
        pair: The certificate it shows, the second connection on perhaps another.
        staple: What it staples when it is asked; None for nothing.
        then: The certificate of connections after the first.
    """

    target: tuple[str, int]
    pair: Pair
    staple: bytes | None = None
    then: Pair | None = None
    asked: int = 0
    accepted: int = 0
    _threads: list[threading.Thread] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._ended = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._start(self._accept)

    def _start(self, call: Callable[..., None], *args: Any) -> None:
        thread = threading.Thread(target=call, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._ended.is_set():
            if select.select([self._listener], [], [], 0.02)[0]:
                client = self._listener.accept()[0]
                self.accepted += 1
                self._start(
                    self._serve, client, self._context(self.then if self.then and self.accepted > 1 else self.pair)
                )

    def _context(self, pair: Pair) -> SSL.Context:
        context = SSL.Context(SSL.TLS_SERVER_METHOD)
        context.use_certificate_chain_file(str(pair.cert))
        context.use_privatekey_file(str(pair.key))

        def answer(connection: Any, data: Any) -> bytes:
            self.asked += 1
            return self.staple or b""

        context.set_ocsp_server_callback(answer)
        return context

    def _serve(self, client: socket.socket, context: SSL.Context) -> None:
        tls = SSL.Connection(context, None)
        tls.set_accept_state()
        with client, socket.create_connection(self.target) as upstream:
            try:
                while not self._ended.is_set():
                    ready = select.select([client, upstream], [], [], 0.02)[0]
                    if client in ready:
                        tls.bio_write(client.recv(65536) or _end())
                        self._pass_on(tls, upstream)
                    if upstream in ready:
                        tls.sendall(upstream.recv(16384) or _end())
                    try:
                        client.sendall(tls.bio_read(1 << 20))
                    except SSL.WantReadError:
                        pass
            except (OSError, SSL.Error, EOFError):
                pass

    def _pass_on(self, tls: SSL.Connection, upstream: socket.socket) -> None:
        try:
            tls.do_handshake()
            while True:
                upstream.sendall(tls.recv(65536))
        except SSL.WantReadError:
            pass

    def close(self) -> None:
        """End everything."""
        self._ended.set()
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


def _end() -> bytes:
    raise EOFError
