"""The package's logger, imported only once there is something to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..importing import importing

if TYPE_CHECKING:
    import logging

_said: set[str] = set()


def logger() -> logging.Logger:
    """Return the logger named ``multiplexer``."""
    with importing:
        import logging

    found = logging.getLogger("multiplexer")
    if not found.handlers:
        found.addHandler(logging.NullHandler())  # silent until the application sets logging up
    return found


def warn_once(text: str) -> None:
    """Log a warning, once in the life of this process."""
    if text not in _said:
        _said.add(text)
        logger().warning("%s", text)
