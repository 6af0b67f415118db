"""What codecs need that is not installed with the package."""

from __future__ import annotations

from typing import Any

from ..errors import ConfigurationError
from ..importing import importing


def imported(module: str, codec: str, extra: str) -> Any:
    """Import a module of an extra.

    Raises:
        ConfigurationError: It is not installed; the message names the extra.
    """
    try:
        with importing:
            from importlib import import_module

            return import_module(module)
    except ImportError as error:
        package = f"redis-multiplexer[{extra}]"
        raise ConfigurationError(f"{codec}: needs the extra {extra!r}: pip install '{package}'") from error
