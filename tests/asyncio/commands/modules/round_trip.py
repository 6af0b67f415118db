"""Checks calls against a scripted server, for commands that no server at hand has: words sent, and what comes back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from tests.servers import ScriptedServer

from ...connecting import connect

_SAME: Any = object()


class Case(NamedTuple):
    """One call.

    Attributes:
        call: Makes the call on a handle.
        sent: The words it must send, as text where none of them has a space.
        reply: What the server answers.
        expected: What the call must return, or a function that says whether that is right.
        reply3: What the server answers under RESP3, where the protocol's own shapes are not all there is to it.
        text: What the call must return on a handle with results in str, where that is something else.
    """

    call: Callable[[Any], Any]
    sent: str | Sequence[Any]
    reply: Any
    expected: Any
    reply3: Any = _SAME
    text: Any = _SAME


def encoded(words: str | Sequence[Any]) -> tuple[bytes, ...]:
    parts = words.split() if isinstance(words, str) else words
    return tuple(part if isinstance(part, bytes) else str(part).encode() for part in parts)


def agree(case: Case, result: Any, expected: Any) -> None:
    right = expected(result) if callable(expected) else result == expected
    assert right, f"{case.sent}: {result!r} is not {expected!r}"
    if not callable(expected) and expected is not None:
        assert type(result) is type(expected), f"{case.sent}: {result!r} is not a {type(expected).__name__}"


async def check(cases: Sequence[Case], protocol: int) -> None:
    """Make each call on a handle for bytes, one for text, and in a pipeline."""
    with ScriptedServer() as server:
        async with await connect(server, protocol=protocol, allow_admin=True, keep_alive=600.0) as mux:
            plain = mux.get_database()
            decoding = mux.get_database(decode=True)
            await plain.ping()
            for case in cases:
                words = encoded(case.sent)
                reply = case.reply if protocol == 2 or case.reply3 is _SAME else case.reply3
                server.on(words[0].decode(), reply)
                server.clear()
                agree(case, await case.call(plain), case.expected)
                assert server.commands() == [words], f"{case.sent}: sent {server.commands()}"
                agree(case, await case.call(decoding), case.expected if case.text is _SAME else case.text)
                pipeline = plain.pipeline(transaction=False)
                assert case.call(pipeline) is pipeline, case.sent
                agree(case, (await pipeline.execute())[0], case.expected)
                assert server.commands() == [words] * 3, case.sent


def cases_by_method(cases: Sequence[Case]) -> set[str]:
    """Return the names of the methods that are called, which stand after the group's in their code."""
    return {name for case in cases for name in case.call.__code__.co_names}
