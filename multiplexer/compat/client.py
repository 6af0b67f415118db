"""Clients, and what comes from them."""

from __future__ import annotations

from typing import Any

from .blocking import client as _client
from .blocking.client import *
from .machinery.case_insensitive_dict import CaseInsensitiveDict
from .machinery.worker_thread import PubSubWorkerThread

__all__ = [*_client.__all__, "CaseInsensitiveDict", "PubSubWorkerThread", "bool_ok"]


def bool_ok(response: Any, **options: Any) -> bool:
    """Whether a reply is OK, as text or as bytes."""
    return response in ("OK", b"OK")
