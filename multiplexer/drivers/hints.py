"""What may be behind a connection that could not be made, where the system's own words do not tell."""

from __future__ import annotations

from ..errors import RedisConnectionError

#: A server that is sent a TLS greeting where it speaks none waits for the end of a line.
NO_TLS_THERE = "the TLS handshake did not end in time; perhaps the server does not speak TLS at this port"
#: What is said of TLS without verification.
UNVERIFIED = "the server's certificate is not verified, so whoever is in between can read and change everything"
_WANTS_TLS = "perhaps the server speaks TLS at this port, and TLS must be switched on: ssl=true, or rediss:// in a URL"
_WANTS_CERTIFICATE = "perhaps the server demands a certificate of its clients, and none is configured"
_DEMANDS_CERTIFICATE = "the server demands a certificate of its clients, and none is configured"
_NOT_TLS = "the server does not speak TLS at this port"
_UNTRUSTED = "nobody who is trusted here vouches for the server's certificate; the file with who does belongs in {}"

#: What OpenSSL calls them.
_KNOWN_REASONS = {
    "TLSV13_ALERT_CERTIFICATE_REQUIRED": _DEMANDS_CERTIFICATE,
    "SSLV3_ALERT_HANDSHAKE_FAILURE": _WANTS_CERTIFICATE,
    "WRONG_VERSION_NUMBER": _NOT_TLS,
    "RECORD_LAYER_FAILURE": _NOT_TLS,
}
#: OpenSSL's numbers for a chain of certificates that ends with nobody who is trusted.
_NOT_VOUCHED_FOR = frozenset((18, 19, 20, 21))


def hint(error: BaseException, tls: bool, certificate: bool, authorities: str = "sslCaFile (ssl_ca_file)") -> str:
    """Return what may be wrong where a server was not reached at once, with a colon before it; or nothing.

    Args:
        error: What went wrong, before the server had said a word that was understood.
        tls: Whether it was spoken to over TLS.
        certificate: Whether it was shown a certificate, or may have been.
        authorities: The option with the file of certificates that are trusted.
    """
    if getattr(error, "verify_code", 0) in _NOT_VOUCHED_FOR:
        return f": {_UNTRUSTED.format(authorities)}"
    reason = _KNOWN_REASONS.get(getattr(error, "reason", None) or "")
    if reason is not None and not (certificate and reason is not _NOT_TLS):
        return f": {reason}"
    if not _is_hung_up(error) or certificate:
        return ""
    return f": {_WANTS_CERTIFICATE if tls else _WANTS_TLS}"


def _is_hung_up(error: BaseException) -> bool:
    if isinstance(error, ConnectionRefusedError):
        return False
    if getattr(error, "reason", None) == "UNEXPECTED_EOF_WHILE_READING":
        return True
    return isinstance(error, ConnectionError) or (
        error.__class__ is RedisConnectionError and "server closed the connection" in str(error)
    )
