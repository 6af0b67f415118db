"""Names of ``redis.ocsp``; see :mod:`multiplexer.ocsp`."""

from __future__ import annotations

from ..ocsp import OCSPVerifier, ocsp_staple_verifier

__all__ = ["OCSPVerifier", "ocsp_staple_verifier"]
