"""What makes results of replies, by command name, for commands that are given word by word."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Self

from ...core.commands.words import split_words
from ...importing import importing
from .case_insensitive_dict import CaseInsensitiveDict
from .families import LEGACY, Family

#: Option of ``execute_command``: return bytes whatever the settings.
NEVER_DECODE = "NEVER_DECODE"
#: Option of ``execute_command``: what to return instead of raising where the server answers with an error.
EMPTY_RESPONSE = "EMPTY_RESPONSE"
#: Option in which a command method hands on its entry of the command table, its conversion and its decoding.
#: It stays between a client's own methods; callbacks never see it.
CALL = "_call"
#: Option of ``parse_response``: seconds the server may hold back the reply, beside those of ``socket_timeout``.
HELD_BACK = "_held_back"

Callback = Callable[..., Any]


def with_block_time(args: tuple[Any, ...], options: dict[str, Any]) -> dict[str, Any]:
    """Return a call's options, which say for how long it blocks if it does."""
    call = options.get(CALL)
    if call is not None and not call[0].blocking:
        return options
    command, words = split_words(args)
    held_back = command.block_time(words)
    return {**options, HELD_BACK: held_back} if held_back else options


def bool_ok(response: Any, **options: Any) -> bool:
    """Whether a reply is OK, as text or as bytes."""
    return response in ("OK", b"OK")


def text_of(name: Any) -> str:
    """Return a command's name as text in upper case."""
    return (name.decode("latin-1") if isinstance(name, bytes) else str(name)).upper()


def family_of(kwargs: Mapping[str, Any]) -> Family:
    """Return the family of results of the clients on a pool, by the arguments of its connections, as redis-py does."""
    is_legacy = kwargs.get("legacy_responses", True)
    if is_legacy and kwargs.get("protocol") not in (3, "3"):
        return LEGACY
    with importing:
        from .other_families import RESP3, UNIFIED  # only now: most clients ask for neither

    return RESP3 if is_legacy else UNIFIED


class ResponseCallbacks(CaseInsensitiveDict[Callback]):
    """Callbacks by command name in any case; what is set here stands in the place of the command's own conversion.

    Args:
        family: The client's family of results.
        is_cluster: Whether it is a cluster's client.

    Attributes:
        forms: Of the family, for the client's methods.
        casts_text: Whether conversions of scores are given text, and not floats.
    """

    def __init__(self, family: Family = LEGACY, is_cluster: bool = False) -> None:
        super().__init__()
        dict.update(self, family.cluster_results if is_cluster else family.results)
        self.forms = family.forms
        self.casts_text = family.casts_text
        self._changed: set[str] = set()

    def __setitem__(self, name: str | bytes, callback: Callback) -> None:
        self._changed.add(text_of(name))
        super().__setitem__(name, callback)

    def __delitem__(self, name: str | bytes) -> None:
        super().__delitem__(name)
        self._changed.add(text_of(name))

    def pop(self, name: str | bytes, *default: Any) -> Any:
        """Remove and return a command's callback; its replies are then returned as they are."""
        self._changed.add(text_of(name))
        return super().pop(name, *default)

    def copy(self) -> Self:
        """Return an independent copy."""
        made = super().copy()
        made._changed = set(self._changed)
        return made

    @property
    def has_changed(self) -> bool:
        """Whether any was set or removed."""
        return bool(self._changed)

    def converter(self, name: Any, call: tuple[Any, ...] | None, options: Mapping[str, Any]) -> Callback | None:
        """Return what makes a result of a command's reply; None where the reply is the result.

        Args:
            name: The command's name.
            call: What its method handed on (see :data:`CALL`), or None.
            options: What else was given to ``execute_command``.
        """
        if call is not None and not self._changed:
            return call[1]  # type: ignore[no-any-return]
        key = text_of(name)
        if call is not None and key not in self._changed:
            return call[1]  # type: ignore[no-any-return]
        callback = super().get(key)
        return partial(callback, **options) if options and callback is not None else callback
