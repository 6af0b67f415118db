"""Codecs: what makes bytes of an application's values, and values of bytes.

A handle with one takes and returns values of that type, and so does a subscriber::

    from multiplexer.codecs import JsonCodec

    users = db.with_options(codec=JsonCodec(User))

Nothing of this is imported unless it is asked for; what a codec needs beside the standard library, only by the codec.
Anything with the methods of :class:`Codec` is one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.coding.conversion import Codec
from ..errors import DecodeError, EncodeError
from ..importing import late

if TYPE_CHECKING:
    from .json import JsonCodec
    from .msgspec import MsgspecCodec
    from .pickle import UnsafePickleCodec
    from .plain import BytesCodec, TextCodec
    from .pydantic import PydanticCodec
    from .zstd import ZstdCodec
else:
    __getattr__, __dir__ = late(
        __name__,
        {
            "BytesCodec": ".plain",
            "JsonCodec": ".json",
            "MsgspecCodec": ".msgspec",
            "PydanticCodec": ".pydantic",
            "TextCodec": ".plain",
            "UnsafePickleCodec": ".pickle",
            "ZstdCodec": ".zstd",
        },
    )

__all__ = [
    "BytesCodec",
    "Codec",
    "DecodeError",
    "EncodeError",
    "JsonCodec",
    "MsgspecCodec",
    "PydanticCodec",
    "TextCodec",
    "UnsafePickleCodec",
    "ZstdCodec",
]
