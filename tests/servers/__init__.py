"""What tests run against: real servers, a scripted one, and a proxy that breaks connections on demand."""

from __future__ import annotations

from .certificates import Certificates, Pair
from .real import RealServer, available_kinds, require_kind, write_missing_summary

__all__ = ["Certificates", "Pair", "RealServer", "available_kinds", "require_kind", "write_missing_summary"]
