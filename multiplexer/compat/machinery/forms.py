"""What the façade makes of some commands' replies, where the multiplexer's handles make something else of them.

A command's method hands on its own conversion and decoding; what is returned here stands in their place.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

#: Turns a reply into a result; None where the reply is the result.
Convert = Callable[[Any], Any] | None
#: What stands in the place of a method's conversion and decoding; None for decoding follows the client's settings.
Form = Callable[[Convert], tuple[Convert, bool | None]]


def _undecoded(convert: Convert) -> tuple[Convert, bool | None]:
    """Quotes of other clients' commands need not be text."""
    return convert, False


#: By the name of the command in the table.
FORMS: dict[str, Form] = {
    "COMMANDLOG GET": _undecoded,
    "SLOWLOG GET": _undecoded,
}
