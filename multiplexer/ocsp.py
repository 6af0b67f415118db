"""Whether a server's certificate was revoked, by OCSP (RFC 6960); needs the extra ``ocsp``.

The answer is fetched from the responder that the certificate names, or taken from the TLS handshake (stapled). Anything
else than a valid answer that says "good" refuses the server, an absent responder too.

Everything here blocks, and is called in a thread where that matters.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import ip_address
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from .errors import ConfigurationError, RedisConnectionError, RedisTimeoutError
from .importing import importing

if TYPE_CHECKING:
    import socket

    from cryptography.x509 import Certificate, ocsp

#: Seconds for asking a responder, unless said otherwise.
DEFAULT_TIMEOUT = 5.0

#: How far clocks may be apart.
_SKEW = timedelta(minutes=5)
#: How old an answer may be that does not say how long it holds.
_OLDEST = timedelta(days=1)
#: Most bytes of an answer or of an issuer's certificate.
_LONGEST = 256 * 1024


def require_cryptography(option: str, stapled: bool = False) -> None:
    """Check that what OCSP needs is installed, and import all that the functions of this module name.

    They run on whatever thread connects, and then have nothing left to import that a fork could cut in half.

    Args:
        option: Names who asks for it.
        stapled: Whether the answer comes with the handshake, which Python's ``ssl`` cannot ask for.

    Raises:
        ConfigurationError: It is not.
    """
    try:
        with importing:
            import select  # noqa: F401

            import cryptography.hazmat.primitives.asymmetric.ec
            import cryptography.hazmat.primitives.asymmetric.ed448
            import cryptography.hazmat.primitives.asymmetric.ed25519
            import cryptography.hazmat.primitives.asymmetric.padding
            import cryptography.hazmat.primitives.asymmetric.rsa
            import cryptography.hazmat.primitives.hashes
            import cryptography.hazmat.primitives.serialization
            import cryptography.x509.ocsp  # noqa: F401

            if stapled:
                import OpenSSL.SSL  # noqa: F401
    except ImportError as error:
        raise ConfigurationError(f"{option}: needs the extra 'ocsp': pip install 'redis-multiplexer[ocsp]'") from error


class RevocationCheck:
    """What is demanded of a server's certificate once TLS is up.

    Args:
        stapled: Whether the server must prove its certificate itself; else the responder is asked. Python's ``ssl``
            cannot ask for the proof, so it is asked for over a second connection, which is closed again.
        context: An ``OpenSSL.SSL.Context`` for the second connection; by default one that shows no certificate.
        expected: The only certificate to accept, in PEM; None for any.
        authorities: Certificates of authorities, in PEM, among which the issuer may be where TLS does not tell it.
        timeout: Seconds for the answer.

    Attributes:
        stapled: Whether a second connection is needed.

    Raises:
        ConfigurationError: A certificate cannot be read.
    """

    def __init__(
        self,
        *,
        stapled: bool = False,
        context: Any = None,
        expected: str | bytes | None = None,
        authorities: str | bytes | None = None,
        timeout: float = DEFAULT_TIMEOUT,
    ) -> None:
        self.stapled = stapled
        self._context = context
        self._timeout = timeout
        try:
            self._expected = _load_all(expected)[0] if expected is not None else None
            self._authorities = _load_all(authorities) if authorities is not None else []
        except ValueError as error:
            raise ConfigurationError(f"OCSP: a certificate cannot be read: {error}") from error

    def of(self, tls: Any, name: str | None, second: socket.socket | None = None) -> Callable[[float], None]:
        """Return what checks the peer of a TLS connection; called with a deadline, it blocks until that at most.

        Args:
            tls: An ``ssl.SSLObject`` or ``ssl.SSLSocket`` after its handshake, which is looked at only now.
            name: The server's name.
            second: Where it is asked to prove its certificate: a connected socket, which will be closed.
        """
        chain = _chain_of(tls)
        return lambda deadline: self._check(chain, name, second, min(deadline, monotonic() + self._timeout))

    def _check(self, chain: list[bytes], name: str | None, second: socket.socket | None, deadline: float) -> None:
        """Check a certificate.

        Raises:
            RedisConnectionError: It was revoked, is not the expected one, or nothing vouches for it.
            RedisTimeoutError: There was no answer in time.
        """
        from cryptography.x509 import load_der_x509_certificate

        if not chain:
            raise RedisConnectionError("OCSP: the server showed no certificate")
        leaf, *others = [load_der_x509_certificate(der) for der in chain]
        issuer = find_issuer(leaf, (*others, *self._authorities))
        if second is None:
            answer = b""
        else:
            shown, answer = fetch_staple(second, self._context, name, deadline)
            if shown != leaf:
                raise RedisConnectionError("OCSP: the server shows another certificate on a second connection")
            if not answer:
                raise RedisConnectionError("OCSP: the server staples no answer to its certificate")
        if self._expected is not None and leaf != self._expected:
            raise RedisConnectionError("OCSP: the server's certificate is not the expected one")
        if issuer is None:
            issuer = fetch_issuer(leaf, deadline)
        check_response(answer or fetch_response(leaf, issuer, deadline), leaf, issuer)


# -- certificates ------------------------------------------------------------------------------------------


def _chain_of(tls: Any) -> list[bytes]:
    own = tls.getpeercert(True)
    if not own:
        return []
    if hasattr(tls, "get_verified_chain"):  # Python 3.13 and later
        chain: list[bytes] = tls.get_verified_chain() or tls.get_unverified_chain()
    else:
        import _ssl

        inner = tls._sslobj
        found = inner.get_verified_chain() or inner.get_unverified_chain() or ()
        chain = [certificate.public_bytes(_ssl.ENCODING_DER) for certificate in found]
    return [own, *(der for der in chain if der != own)]


def _load_all(pem: str | bytes) -> list[Certificate]:
    from cryptography.x509 import load_pem_x509_certificates

    return load_pem_x509_certificates(pem.encode() if isinstance(pem, str) else pem)


def find_issuer(leaf: Certificate, candidates: Iterable[Certificate]) -> Certificate | None:
    """Return which of some certificates issued another, or None."""
    for candidate in (*candidates, leaf):  # it may have signed itself
        if _issued(candidate, leaf):
            return candidate
    return None


def _issued(issuer: Certificate, issued: Certificate) -> bool:
    from cryptography.exceptions import InvalidSignature

    try:
        issued.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def _named_urls(certificate: Certificate, ocsp: bool) -> list[str]:
    """Return the addresses of the responder, or of the issuer's certificate, that a certificate names."""
    from cryptography import x509
    from cryptography.x509.oid import AuthorityInformationAccessOID

    wanted = AuthorityInformationAccessOID.OCSP if ocsp else AuthorityInformationAccessOID.CA_ISSUERS
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except x509.ExtensionNotFound:
        return []
    return [entry.access_location.value for entry in access if entry.access_method == wanted]


def _no_issuer(leaf: Certificate) -> RedisConnectionError:
    return RedisConnectionError(
        f"OCSP: the issuer of the server's certificate is unknown: {leaf.issuer.rfc4514_string()}"
    )


# -- asking ------------------------------------------------------------------------------------------------


def fetch_issuer(leaf: Certificate, deadline: float) -> Certificate:
    """Fetch the certificate of the issuer from where a certificate says it is.

    Raises:
        RedisConnectionError: It is not there.
        RedisTimeoutError: It did not come in time.
    """
    from cryptography.x509 import load_der_x509_certificate, load_pem_x509_certificate

    for url in _named_urls(leaf, ocsp=False):
        body = _ask(url, None, deadline)
        load = load_pem_x509_certificate if body.startswith(b"-----") else load_der_x509_certificate
        try:
            issuer = load(body)
        except ValueError:
            continue
        if _issued(issuer, leaf):
            return issuer
    raise _no_issuer(leaf)


def fetch_response(leaf: Certificate, issuer: Certificate, deadline: float) -> bytes:
    """Ask the responder that a certificate names about it.

    Raises:
        RedisConnectionError: None is named, or none could be asked.
        RedisTimeoutError: It did not answer in time.
    """
    from cryptography.hazmat.primitives.hashes import SHA1
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.x509.ocsp import OCSPRequestBuilder

    # SHA-1 only names the issuer here, and is the one hash every responder knows (RFC 5019).
    request = OCSPRequestBuilder().add_certificate(leaf, issuer, SHA1()).build().public_bytes(Encoding.DER)
    problem: Exception = RedisConnectionError("OCSP: the server's certificate names no responder")
    for url in _named_urls(leaf, ocsp=True):
        try:
            return _ask(url, request, deadline)
        except RedisConnectionError as error:
            problem = error
    raise problem


def _ask(url: str, request: bytes | None, deadline: float) -> bytes:
    """POST a request, or GET what is there."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise RedisConnectionError(f"OCSP: {url} is no address to ask at")
    connection, path = _http(url, deadline)
    try:
        with _ended_by(deadline, connection):
            connection.request(
                "GET" if request is None else "POST",
                path,
                request,
                {"Host": parts.netloc, "Content-Type": "application/ocsp-request", "Connection": "close"},
            )
            with connection.getresponse() as answer:
                body = answer.read(_LONGEST + 1)
        if monotonic() >= deadline:
            raise TimeoutError  # what was read ended with the connection
    except (OSError, HTTPException, ValueError) as error:
        if monotonic() >= deadline or isinstance(error, TimeoutError):
            raise RedisTimeoutError(f"OCSP: {url} did not answer in time") from error
        raise RedisConnectionError(f"OCSP: {url} cannot be asked: {error}") from error
    finally:
        connection.close()
    if answer.status != 200:
        raise RedisConnectionError(f"OCSP: {url} answered with status {answer.status}")
    if len(body) > _LONGEST:
        raise RedisConnectionError(f"OCSP: {url} answered with more than {_LONGEST} bytes")
    return body


def _http(url: str, deadline: float) -> tuple[HTTPConnection, str]:
    """Return a connection to ask at, the system's proxy perhaps, and what to ask for."""
    parts = urlsplit(url)
    assert parts.hostname is not None
    remaining = max(deadline - monotonic(), 0.001)
    if parts.scheme == "https":
        secure = HTTPSConnection(parts.hostname, parts.port, timeout=remaining, context=ssl.create_default_context())
        return secure, parts._replace(scheme="", netloc="").geturl() or "/"
    proxy = getproxies().get("http")
    if proxy and not proxy_bypass(parts.netloc):
        through = urlsplit(proxy if "//" in proxy else f"//{proxy}")
        return HTTPConnection(through.hostname or "", through.port, timeout=remaining), url
    path = parts._replace(scheme="", netloc="").geturl() or "/"
    return HTTPConnection(parts.hostname, parts.port, timeout=remaining), path


@contextmanager
def _ended_by(deadline: float, connection: HTTPConnection) -> Iterator[None]:
    """Connect, and have the connection ended at a deadline, however slowly it drips."""
    import socket

    connection.connect()
    sock = connection.sock  # which the connection gives up as soon as the answer begins

    def end() -> None:
        try:
            sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    timer = threading.Timer(max(deadline - monotonic(), 0), end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def staple_context(certificate: str | None, key: str | None, password: str | None) -> Any:
    """Return an ``OpenSSL.SSL.Context`` for asking a server to prove its certificate.

    It verifies nothing: only what is signed by the issuer of the certificate that was verified counts.

    Args:
        certificate, key: The client's own, in PEM files; the key may be in the certificate's.
        password: The key's.

    Raises:
        ConfigurationError: They cannot be used.
    """
    from OpenSSL import SSL

    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    if certificate is None:
        return context
    context.set_passwd_cb(lambda *_: (password or "").encode())
    try:
        context.use_certificate_chain_file(certificate)
        context.use_privatekey_file(key or certificate)
    except SSL.Error as error:
        raise ConfigurationError(
            "ssl_certfile, ssl_keyfile, ssl_password: cannot be used to ask for a staple"
        ) from error
    return context


def fetch_staple(sock: socket.socket, context: Any, name: str | None, deadline: float) -> tuple[Certificate, bytes]:
    """Do a TLS handshake that asks for an answer to be stapled.

    Args:
        sock: Connected to the server; it will be closed.
        context: An ``OpenSSL.SSL.Context``, or None for a new one.
        name: The server's name, for SNI.
        deadline: Time of ``time.monotonic`` by which it must be done.

    Returns:
        The certificate the server shows, and the answer, empty where it sends none.

    Raises:
        RedisConnectionError: The handshake failed.
        RedisTimeoutError: It did not end in time.
    """
    from OpenSSL import SSL

    if context is None:
        context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    stapled: list[bytes] = []

    def keep(connection: Any, answer: bytes, data: Any) -> bool:
        stapled.append(answer)
        return True

    context.set_ocsp_client_callback(keep)
    with sock:
        sock.setblocking(False)  # pyOpenSSL knows no timeouts
        connection = SSL.Connection(context, sock)
        connection.request_ocsp()
        if name and not _is_address(name):
            connection.set_tlsext_host_name(name.encode("idna"))
        connection.set_connect_state()
        _shake_hands(connection, sock, deadline)
        shown = connection.get_peer_certificate(as_cryptography=True)
    if shown is None:
        raise RedisConnectionError("OCSP: the server showed no certificate")
    return shown, stapled[0] if stapled else b""


def _is_address(name: str) -> bool:
    """Whether a server is named by its IP address, which TLS does not tell it."""
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _shake_hands(connection: Any, sock: socket.socket, deadline: float) -> None:
    import select

    from OpenSSL import SSL

    while True:
        try:
            connection.do_handshake()
            return
        except (SSL.WantReadError, SSL.WantWriteError) as wants:
            poller = select.poll()
            poller.register(sock, select.POLLIN if isinstance(wants, SSL.WantReadError) else select.POLLOUT)
            if not poller.poll(max(deadline - monotonic(), 0) * 1000):
                raise RedisTimeoutError("OCSP: the handshake that asks for a staple did not end in time") from None
        except SSL.Error as error:
            raise RedisConnectionError(f"OCSP: the handshake that asks for a staple failed: {error}") from error


# -- judging -----------------------------------------------------------------------------------------------


def check_response(data: bytes, leaf: Certificate, issuer: Certificate) -> None:
    """Check that an answer is valid, about a certificate, and says "good".

    Args:
        data: The answer, in DER.
        leaf: The certificate.
        issuer: The certificate of its issuer.

    Raises:
        RedisConnectionError: It does not.
    """
    from cryptography.x509 import ocsp

    try:
        response = ocsp.load_der_ocsp_response(data)
    except ValueError as error:
        raise RedisConnectionError(f"OCSP: the answer cannot be understood: {error}") from error
    if response.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
        raise RedisConnectionError(f"OCSP: the responder refused to answer: {response.response_status.name.lower()}")
    _check_signature(response, issuer)
    answer = next((each for each in response.responses if _is_about(each, leaf, issuer)), None)
    if answer is None:
        raise RedisConnectionError("OCSP: the answer is about another certificate")
    _check_times(answer)
    if answer.certificate_status is ocsp.OCSPCertStatus.GOOD:
        return
    if answer.certificate_status is ocsp.OCSPCertStatus.REVOKED:
        reason = f" ({answer.revocation_reason.value})" if answer.revocation_reason is not None else ""
        raise RedisConnectionError(
            f"OCSP: the server's certificate was revoked{reason} on {answer.revocation_time_utc}"
        )
    raise RedisConnectionError("OCSP: the responder does not know the server's certificate")


def _is_about(answer: ocsp.OCSPSingleResponse, leaf: Certificate, issuer: Certificate) -> bool:
    from cryptography.x509.ocsp import OCSPRequestBuilder

    try:
        asked = OCSPRequestBuilder().add_certificate(leaf, issuer, answer.hash_algorithm).build()
    except ValueError:  # a hash that names nobody
        return False
    return (asked.serial_number, asked.issuer_name_hash, asked.issuer_key_hash) == (
        answer.serial_number,
        answer.issuer_name_hash,
        answer.issuer_key_hash,
    )


def _check_times(answer: ocsp.OCSPSingleResponse) -> None:
    now = datetime.now(UTC)
    until = answer.next_update_utc or answer.this_update_utc + _OLDEST
    if answer.this_update_utc > now + _SKEW:
        raise RedisConnectionError(f"OCSP: the answer holds only from {answer.this_update_utc} on")
    if until < now - _SKEW:
        raise RedisConnectionError(f"OCSP: the answer is stale: it held until {until}")


def _check_signature(response: ocsp.OCSPResponse, issuer: Certificate) -> None:
    """Check that the issuer signed an answer, or a responder that the issuer made one."""
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

    signer = _signer(response, issuer)
    try:
        _verify(signer.public_key(), response)
    except (InvalidSignature, UnsupportedAlgorithm, TypeError, ValueError) as error:
        raise RedisConnectionError("OCSP: the answer's signature is wrong") from error


def _signer(response: ocsp.OCSPResponse, issuer: Certificate) -> Certificate:
    for candidate in (issuer, *response.certificates):
        if _is_named(response, candidate) and (candidate == issuer or _may_respond(candidate, issuer)):
            return candidate
    raise RedisConnectionError("OCSP: the answer is signed by someone whom the certificate's issuer did not entitle")


def _is_named(response: ocsp.OCSPResponse, candidate: Certificate) -> bool:
    from cryptography import x509

    if response.responder_name is not None:
        return response.responder_name == candidate.subject
    # RFC 6960 demands SHA-1 of the key here.
    return response.responder_key_hash == x509.SubjectKeyIdentifier.from_public_key(candidate.public_key()).digest


def _may_respond(candidate: Certificate, issuer: Certificate) -> bool:
    from cryptography import x509
    from cryptography.x509.oid import ExtendedKeyUsageOID

    now = datetime.now(UTC)
    try:
        usage = candidate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return (
        ExtendedKeyUsageOID.OCSP_SIGNING in usage
        and candidate.not_valid_before_utc - _SKEW <= now <= candidate.not_valid_after_utc + _SKEW
        and _issued(issuer, candidate)
    )


def _verify(key: Any, response: ocsp.OCSPResponse) -> None:
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PublicKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    signed, signature = response.tbs_response_bytes, response.signature
    if isinstance(key, Ed25519PublicKey | Ed448PublicKey):
        key.verify(signature, signed)
        return
    algorithm = response.signature_hash_algorithm
    if algorithm is None:
        raise TypeError("no hash algorithm")
    if isinstance(key, RSAPublicKey):
        key.verify(signature, signed, PKCS1v15(), algorithm)
    elif isinstance(key, EllipticCurvePublicKey):
        key.verify(signature, signed, ECDSA(algorithm))
    else:
        raise TypeError("no key that responders sign with")


# -- redis-py's names --------------------------------------------------------------------------------------


class OCSPVerifier:
    """Asks the responder about the certificate of a server, given a TLS socket connected to it.

    Args:
        sock: An ``ssl.SSLSocket`` after its handshake.
        host, port: The server.
        ca_certs: A file of authorities, in PEM, among which the issuer may be.
        timeout: Seconds for asking.
    """

    def __init__(
        self,
        sock: ssl.SSLSocket,
        host: str,
        port: int,
        ca_certs: str | None = None,
        timeout: float = DEFAULT_TIMEOUT,
    ) -> None:
        require_cryptography("OCSPVerifier")
        self.SOCK = sock
        self.HOST = host
        self.PORT = port
        self.CA_CERTS = ca_certs
        self._timeout = timeout

    def is_valid(self) -> bool:
        """Return True where the responder says that the certificate is good.

        Raises:
            RedisConnectionError: It does not, or there is no valid answer.
            RedisTimeoutError: It did not answer in time.
        """
        authorities = None
        if self.CA_CERTS is not None:
            with open(self.CA_CERTS, "rb") as file:
                authorities = file.read()
        check = RevocationCheck(authorities=authorities, timeout=self._timeout)
        check.of(self.SOCK, self.HOST)(monotonic() + self._timeout)
        return True


def ocsp_staple_verifier(con: Any, ocsp_bytes: bytes, expected: bytes | None = None) -> bool:
    """Judge a stapled answer: a callback for ``OpenSSL.SSL.Context.set_ocsp_client_callback``.

    Args:
        con: The ``OpenSSL.SSL.Connection``.
        ocsp_bytes: What the server stapled.
        expected: The only certificate to accept, in PEM; None for any.

    Returns:
        True: the certificate is good.

    Raises:
        RedisConnectionError: It is not, or nothing was stapled.
    """
    from cryptography.x509 import load_pem_x509_certificate

    if not ocsp_bytes:
        raise RedisConnectionError("OCSP: the server staples no answer to its certificate")
    leaf = con.get_peer_certificate(as_cryptography=True)
    if expected is not None and load_pem_x509_certificate(expected) != leaf:
        raise RedisConnectionError("OCSP: the server's certificate is not the expected one")
    issuer = find_issuer(leaf, con.get_peer_cert_chain(as_cryptography=True) or ())
    if issuer is None:
        raise _no_issuer(leaf)
    check_response(ocsp_bytes, leaf, issuer)
    return True
