"""Several databases of which one is used: redis-py's names of ``event``."""

from __future__ import annotations

from ..blocking.multidb import event as _event
from ..blocking.multidb.event import *

__all__ = [*_event.__all__]
