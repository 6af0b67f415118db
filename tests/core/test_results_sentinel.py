"""Converters of what sentinels say, under both protocols and as bytes or text."""

from __future__ import annotations

import pytest

from multiplexer.core.results import sentinel_replies as sentinel
from multiplexer.core.results.common import deep_text

STATE_3 = {
    b"name": b"123",
    b"ip": b"127.0.0.1",
    b"port": b"6379",
    b"runid": b"1234",
    b"flags": b"master,s_down,o_down",
    b"link-refcount": b"1",
    b"num-slaves": b"2",
    b"quorum": b"2",
    b"new-field": b"7",
}
STATE_2 = [item for pair in STATE_3.items() for item in pair]
STATE_PARSED = {
    "name": "123",
    "ip": "127.0.0.1",
    "port": 6379,
    "runid": "1234",
    "flags": "master,s_down,o_down",
    "link-refcount": "1",
    "num-slaves": 2,
    "quorum": 2,
    "new-field": "7",
    "is_master": True,
    "is_slave": False,
    "is_sdown": True,
    "is_odown": True,
    "is_sentinel": False,
    "is_disconnected": False,
    "is_master_down": False,
}


@pytest.mark.parametrize("reply", [STATE_2, STATE_3, deep_text(STATE_2), deep_text(STATE_3)])
def test_state(reply: object):
    assert sentinel.state(reply) == STATE_PARSED
    assert sentinel.states([reply, reply]) == [STATE_PARSED, STATE_PARSED]
    assert sentinel.states_by_name([reply]) == {"123": STATE_PARSED}


def test_no_states():
    assert sentinel.states([]) == []
    assert sentinel.states_by_name(None) == {}


def test_address():
    assert sentinel.address([b"::1", b"6379"]) == (b"::1", 6379)
    assert sentinel.address(["redis.example", "1"]) == ("redis.example", 1)
    assert sentinel.address(None) is None


@pytest.mark.parametrize("reply", [b"OK", "OK 3 usable Sentinels."])
def test_ok_with_an_explanation(reply: object):
    assert sentinel.starts_with_ok(reply) is True
