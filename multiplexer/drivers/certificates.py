"""Tells of certificates that are about to expire, before they have."""

from __future__ import annotations

from time import gmtime, strftime, time
from typing import TYPE_CHECKING, Any

from ..core.logging import warn_once
from ..importing import importing

if TYPE_CHECKING:
    from ..configuration import EndPoint

#: Seconds before its end at which a certificate is told of.
WEEK = 7 * 86400.0


def look_at_servers(tls: Any, address: EndPoint) -> None:
    """Tell once of a server's certificate that expires within a week.

    Args:
        tls: The connection's ``ssl.SSLObject``. Of a certificate that was not verified nothing is known.
        address: Where the server was reached.
    """
    certificate = tls.getpeercert()
    if certificate and "notAfter" in certificate:
        with importing:
            import ssl

        _tell(f"the certificate of {address}", ssl.cert_time_to_seconds(certificate["notAfter"]))


def look_at_own(path: str | None) -> None:
    """Tell once of one's own certificate that expires within a week, where the package ``cryptography`` can read it."""
    if path is None:
        return
    with importing:
        try:
            from cryptography.x509 import load_pem_x509_certificate
        except ImportError:
            return
    try:
        with open(path, "rb") as file:
            end = load_pem_x509_certificate(file.read()).not_valid_after_utc.timestamp()
    except (OSError, ValueError):
        return  # whoever uses it says what is the matter
    _tell(f"the client's certificate {path}", end)


def _tell(whose: str, end: float) -> None:
    left = end - time()
    if left < WEEK:  # the day and not what is left, or it would be told again and again
        warn_once(f"{whose} {'expires' if left > 0 else 'expired'} on {strftime('%Y-%m-%d %H:%M UTC', gmtime(end))}")
