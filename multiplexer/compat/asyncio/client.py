"""Clients, and what comes from them."""

from __future__ import annotations

from ..machinery.responses import EMPTY_RESPONSE, NEVER_DECODE, bool_ok
from .monitor import Monitor
from .pubsub import PubSub
from .scripting import Script
from .standalone import Pipeline, Redis, StrictRedis, StrictValkey, Valkey

__all__ = [
    "EMPTY_RESPONSE",
    "NEVER_DECODE",
    "Monitor",
    "Pipeline",
    "PubSub",
    "Redis",
    "Script",
    "StrictRedis",
    "StrictValkey",
    "Valkey",
    "bool_ok",
]
