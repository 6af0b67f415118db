"""Clients, and what comes from them."""

from __future__ import annotations

from .blocking import client as _client
from .blocking.client import *
from .machinery.case_insensitive_dict import CaseInsensitiveDict
from .machinery.worker_thread import PubSubWorkerThread

__all__ = [*_client.__all__, "CaseInsensitiveDict", "PubSubWorkerThread"]
