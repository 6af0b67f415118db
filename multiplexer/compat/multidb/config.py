"""Several databases of which one is used: redis-py's names of ``config``."""

from __future__ import annotations

from ..blocking.multidb import config as _config
from ..blocking.multidb.config import *

__all__ = [*_config.__all__]
