"""Connections and their pools."""

from __future__ import annotations

from ._parsers import BaseParser, _HiredisParser, _RESP2Parser, _RESP3Parser
from .blocking import connection as _connection
from .blocking.connection import *

__all__ = [*_connection.__all__, "BaseParser", "_HiredisParser", "_RESP2Parser", "_RESP3Parser"]
