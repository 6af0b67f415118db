"""Another codec's bytes, compressed."""

from __future__ import annotations

import threading
from typing import Any, Generic, TypeVar

from ..core.coding.conversion import Codec, is_codec
from ..errors import ConfigurationError
from .extras import imported

_Value = TypeVar("_Value")

#: What every frame begins with (RFC 8878).
_MAGIC = b"\x28\xb5\x2f\xfd"


class ZstdCodec(Generic[_Value]):
    """Another codec's bytes, compressed with Zstandard; what would not become smaller stays as it is.

    So it also reads what the other codec has written without it. Needs the extra ``zstd``.

    Args:
        inner: The other codec.
        level: How hard it tries, from 1 to 22; negative ones are faster still.
        min_size: Bytes from which it tries at all.
        max_size: Bytes a value may have once it is decompressed; a larger one is refused before any room is made for
            it. A few bytes may claim to be gigabytes.

    Raises:
        ConfigurationError: zstandard is not installed, or an argument makes no sense; the message names it.
    """

    def __init__(
        self, inner: Codec[_Value], *, level: int = 3, min_size: int = 128, max_size: int = 64 * 1024 * 1024
    ) -> None:
        if not is_codec(inner):
            raise ConfigurationError("ZstdCodec: inner must have the methods encode and decode")
        if not _is_whole(level) or level > 22:
            raise ConfigurationError("ZstdCodec: level must be a whole number up to 22")
        if not _is_whole(min_size) or min_size < 0:
            raise ConfigurationError("ZstdCodec: min_size must be a number of bytes")
        if not _is_whole(max_size) or max_size < 1:
            raise ConfigurationError("ZstdCodec: max_size must be a positive number of bytes")
        self._inner = inner
        self._min_size = min_size
        self._max_size = max_size
        self._tools = _Tools(imported("zstandard", "ZstdCodec", "zstd"), level)

    def encode(self, value: _Value, /) -> bytes:
        """Return the other codec's bytes, compressed if that makes them smaller.

        Raises:
            Exception: The other codec cannot encode it.
        """
        data = self._inner.encode(value)
        marked = data.startswith(_MAGIC)  # it would be taken for compressed
        if len(data) < self._min_size and not marked:
            return data
        compressed: bytes = self._tools.compressor.compress(data)
        return compressed if marked or len(compressed) < len(data) else data

    def decode(self, data: bytes, /) -> _Value:
        """Return the value.

        Raises:
            ValueError: It is damaged, or larger than ``max_size``.
            Exception: The other codec cannot decode it.
        """
        if data.startswith(_MAGIC):
            data = self._decompressed(data)
        return self._inner.decode(data)

    def _decompressed(self, data: bytes) -> bytes:
        tools = self._tools
        try:
            if tools.module.frame_content_size(data) > self._max_size:
                raise ValueError("more bytes than max_size")
            # Where whoever wrote it did not say how many there are, as many as there may be.
            whole: bytes = tools.decompressor.decompress(data, max_output_size=self._max_size, allow_extra_data=False)
        except tools.module.ZstdError as error:
            raise ValueError("damaged, or more bytes than max_size") from error
        return whole


class _Tools(threading.local):
    """What compresses and decompresses, for each thread its own: they keep state while they work."""

    def __init__(self, module: Any, level: int) -> None:
        self.module = module
        self.compressor = module.ZstdCompressor(level=level)
        self.decompressor = module.ZstdDecompressor()


def _is_whole(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool)
