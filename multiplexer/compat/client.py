"""Clients, and what comes from them."""

from __future__ import annotations

from .blocking.client import (
    EMPTY_RESPONSE,
    NEVER_DECODE,
    Monitor,
    Pipeline,
    PubSub,
    Redis,
    Script,
    StrictRedis,
    StrictValkey,
    Valkey,
)
from .machinery.case_insensitive_dict import CaseInsensitiveDict
from .machinery.worker_thread import PubSubWorkerThread

__all__ = [
    "EMPTY_RESPONSE",
    "NEVER_DECODE",
    "CaseInsensitiveDict",
    "Monitor",
    "Pipeline",
    "PubSub",
    "PubSubWorkerThread",
    "Redis",
    "Script",
    "StrictRedis",
    "StrictValkey",
    "Valkey",
]
