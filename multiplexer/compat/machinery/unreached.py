"""What is raised where a command waited for a connection and there was none: redis-py calls that a ConnectionError."""

from __future__ import annotations

from collections.abc import Callable

from ...errors import RedisConnectionError, RedisTimeoutError
from .helpers import format_error_message


def raise_if_unreached(
    error: RedisTimeoutError, class_of: Callable[[RedisConnectionError], type[RedisConnectionError]]
) -> None:
    """Raise an error that says why no connection could be made, where that is why a command was not sent in time.

    Args:
        error: The multiplexer's, for which all is a matter of time.
        class_of: Returns what is raised where it was this that went wrong.

    Raises:
        RedisConnectionError: No connection could be made; what went wrong with it is its cause.
    """
    cause = error.__cause__
    if error.was_sent or not isinstance(cause, RedisConnectionError | OSError) or isinstance(cause, TimeoutError):
        return
    if isinstance(cause, RedisConnectionError):
        raised = class_of(cause)(str(error))
    else:
        raised = RedisConnectionError(f"{format_error_message(str(error.endpoint), cause)} {error}")
    raised.command, raised.endpoint, raised.phase, raised.details = (
        error.command,
        error.endpoint,
        error.phase,
        error.details,
    )
    raise raised from cause
