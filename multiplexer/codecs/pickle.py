"""Any object of Python's, for those who trust everybody who can write to the server."""

from __future__ import annotations

import pickle
from typing import Any

from ..errors import ConfigurationError


class UnsafePickleCodec:
    """Pickles: any object of Python's. **Unsafe**: whoever can write to the server runs code in this process.

    A pickle names functions that are called when it is read, and nothing can be done about it. Use another codec
    wherever one will do.

    Args:
        protocol: The version of the format; by default, pickle's own.

    Raises:
        ConfigurationError: There is no such version.
    """

    def __init__(self, protocol: int = pickle.DEFAULT_PROTOCOL) -> None:
        if isinstance(protocol, bool) or protocol not in range(pickle.HIGHEST_PROTOCOL + 1):
            raise ConfigurationError(f"UnsafePickleCodec: protocol must be 0 to {pickle.HIGHEST_PROTOCOL}")
        self._protocol = protocol

    def encode(self, value: Any, /) -> bytes:
        """Return the object's pickle.

        Raises:
            Exception: It cannot be pickled.
        """
        return pickle.dumps(value, self._protocol)

    def decode(self, data: bytes, /) -> Any:
        """Return the object, running whatever code the pickle names.

        Raises:
            Exception: It is none, or what it names is not there.
        """
        return pickle.loads(data)
