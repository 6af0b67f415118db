"""Errors made of servers' texts: which class they are of, and what of the text they do not repeat."""

from __future__ import annotations

import pytest

from multiplexer.errors import NoGroupError, ResponseError, from_reply, from_whole_reply

QUOTING = {
    "ERR unknown command 'JSON.SET', with args beginning with: 'user:alice' '$' ": "ERR unknown command 'JSON.SET'",
    "ERR unknown command `foo`, with args beginning with: `user:alice`, ": "ERR unknown command `foo`",
    "ERR Error in ACL SETUSER modifier '>al'ice': Syntax error": "ERR Error in ACL SETUSER modifier …: Syntax error",
    "ERR Syntax error in HELLO option 'alice'": "ERR Syntax error in HELLO option …",
    "Syntax error at offset 10 near alice": "Syntax error at offset 10 near …",
    "Unknown argument `alice` at position 3 for <main>": "Unknown argument … at position 3 for <main>",
    "NOGROUP No such key 'user:alice' or consumer group 'g' in XREADGROUP with GROUP option": (
        "NOGROUP No such key … in XREADGROUP with GROUP option"
    ),
    "NOGROUP No such consumer group 'g' for key name 'user:alice'": "NOGROUP No such consumer group …",
}


@pytest.mark.parametrize(("text", "shown"), QUOTING.items())
def test_arguments_that_a_server_quotes_are_not_shown(text: str, shown: str) -> None:
    assert str(from_reply(text)) == shown
    assert str(from_whole_reply(text)) == text
    assert (
        type(from_reply(text))
        is type(from_whole_reply(text))
        is (NoGroupError if text.startswith("NOGROUP") else ResponseError)
    )


@pytest.mark.parametrize(
    "text",
    [
        "ERR unknown command 'foo'",
        "ERR wrong number of arguments for 'get' command",
        "ERR CONFIG SET failed (possibly related to argument 'maxmemory') - argument must be a memory value",
        "WRONGPASS invalid username-password pair or user is disabled.",
        "MOVED 3999 127.0.0.1:6381",
        "",
    ],
)
def test_what_quotes_nothing_stays_as_it_is(text: str) -> None:
    assert str(from_reply(text)) == text
