"""Several databases of which one is used: redis-py's names of ``client``."""

from __future__ import annotations

from ..blocking.multidb import client as _client
from ..blocking.multidb.client import *

__all__ = [*_client.__all__]
