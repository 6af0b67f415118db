"""Parsers and the encoder, where programs import them from."""

from __future__ import annotations

from ..pools.encoder import Encoder
from ..pools.parser import BaseParser, HiredisParser, PythonParser

#: redis-py's names; one parser reads both protocols.
_HiredisParser = HiredisParser
_RESP2Parser = _RESP3Parser = PythonParser

__all__ = ["BaseParser", "Encoder", "_HiredisParser", "_RESP2Parser", "_RESP3Parser"]
