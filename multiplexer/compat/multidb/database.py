"""Several databases of which one is used: redis-py's names of ``database``."""

from __future__ import annotations

from ..blocking.multidb import database as _database
from ..blocking.multidb.database import *

__all__ = [*_database.__all__]
