"""Converters of what servers say about their users, under both protocols and as bytes or text."""

from __future__ import annotations

import pytest

from multiplexer.core.results import acl
from multiplexer.core.results.common import deep_text

USER_3 = {
    b"flags": [b"on", b"sanitize-payload"],
    b"passwords": [b"2d71"],
    b"commands": b"-@all +@read +get",
    b"keys": b"~a* %R~b*",
    b"channels": b"",
    b"selectors": [{b"commands": b"-@all +get", b"keys": b"~z*", b"channels": b""}],
}
USER_2 = [
    item
    for pair in (USER_3 | {b"selectors": [[b"commands", b"-@all +get", b"keys", b"~z*", b"channels", b""]]}).items()
    for item in pair
]
USER_PARSED = {
    "flags": ["on", "sanitize-payload"],
    "passwords": ["2d71"],
    "commands": ["+get"],
    "categories": ["-@all", "+@read"],
    "keys": ["~a*", "%R~b*"],
    "channels": [],
    "selectors": [["commands", "-@all +get", "keys", "~z*", "channels", ""]],
    "enabled": True,
}

DENIAL_3 = {
    b"count": 1,
    b"reason": b"auth",
    b"object": b"AU\xffTH",
    b"username": b"joe",
    b"age-seconds": 1.25,
    b"client-info": b"id=5 addr=10.0.0.1:5 cmd=auth",
}
DENIAL_2 = [item for pair in (DENIAL_3 | {b"age-seconds": b"1.25"}).items() for item in pair]
DENIAL_PARSED = {
    "count": 1,
    "reason": "auth",
    "object": "AU\\xffTH",
    "username": "joe",
    "age-seconds": 1.25,
    "client-info": {"id": 5, "addr": "10.0.0.1:5", "cmd": "auth"},
}


@pytest.mark.parametrize("decoded", [False, True], ids=["bytes", "text"])
@pytest.mark.parametrize("reply", [USER_2, USER_3], ids=["RESP2", "RESP3"])
def test_user(reply, decoded):
    assert acl.user(deep_text(reply) if decoded else reply) == USER_PARSED


def test_user_of_an_older_server():
    """Before 7.0 keys and channels were lists, and there were no selectors."""
    old = {b"flags": [b"off"], b"passwords": [], b"commands": b"+@all", b"keys": [b"a*"], b"channels": [b"*"]}
    assert acl.user(old) == {
        "flags": ["off"],
        "passwords": [],
        "commands": [],
        "categories": ["+@all"],
        "keys": ["a*"],
        "channels": ["*"],
        "enabled": False,
    }


def test_no_user():
    assert acl.user(None) is None


@pytest.mark.parametrize("decoded", [False, True], ids=["bytes", "text"])
@pytest.mark.parametrize("reply", [DENIAL_2, DENIAL_3], ids=["RESP2", "RESP3"])
def test_denials(reply, decoded):
    assert acl.denials([deep_text(reply) if decoded else reply]) == [DENIAL_PARSED]
    assert acl.denials([]) == []
