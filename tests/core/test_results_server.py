"""Converters of what servers say about themselves, under both protocols and as bytes or text."""

from __future__ import annotations

import datetime

import pytest

from multiplexer.core.results import server
from multiplexer.core.results.common import deep_text
from multiplexer.core.results.strings import lcs_matches

INFO = b"""# Server\r
redis_version:7.2.4\r
tcp_port:6379\r
executable:/usr/bin/a:b\r
\r
# Memory\r
mem_fragmentation_ratio:1.25\r
# Replication\r
slave0:ip=10.0.0.1,port=6379,state=online,offset=42,lag=0\r
list:1,2.5,x\r
flagged:a=b=1,bare\r
module:name=json,ver=20\r
module:name=ft,ver=3\r
empty:\r
# Commandstats\r
cmdstat_get:calls=3,usec=4,usec_per_call=1.33\r
cmdstat_host::calls=1\r
just words\r
"""

INFO_PARSED = {
    "redis_version": "7.2.4",
    "tcp_port": 6379,
    "executable": "/usr/bin/a:b",
    "mem_fragmentation_ratio": 1.25,
    "slave0": {"ip": "10.0.0.1", "port": 6379, "state": "online", "offset": 42, "lag": 0},
    "list": [1, 2.5, "x"],
    "flagged": {"a=b": 1, "bare": True},
    "modules": [{"name": "json", "ver": 20}, {"name": "ft", "ver": 3}],
    "empty": "",
    "cmdstat_get": {"calls": 3, "usec": 4, "usec_per_call": 1.33},
    "cmdstat_host:": {"calls": 1},
    "__raw__": ["just words"],
}

CLIENT = b"id=7 addr=/tmp/a b.sock:0 laddr=10.0.0.1:6379 name= flags=N lib-name=x=y cmd=client|list\n"
CLIENT_PARSED = {
    "id": "7",
    "addr": "/tmp/a b.sock:0",
    "laddr": "10.0.0.1:6379",
    "name": "",
    "flags": "N",
    "lib-name": "x=y",
    "cmd": "client|list",
}

MEMORY_PARSED = {
    "peak.allocated": 1140528,
    "db.0": {"overhead.hashtable.main": 288, "overhead.hashtable.expires": 112},
    "dataset.percentage": 99.5,
}
MEMORY_2 = [
    b"peak.allocated",
    1140528,
    b"db.0",
    [b"overhead.hashtable.main", 288, b"overhead.hashtable.expires", 112],
    b"dataset.percentage",
    b"99.5",
]
MEMORY_3 = {
    b"peak.allocated": 1140528,
    b"db.0": {b"overhead.hashtable.main": 288, b"overhead.hashtable.expires": 112},
    b"dataset.percentage": 99.5,
}

KEY_SPEC_2 = [
    b"flags",
    [b"RO", b"access"],
    b"begin_search",
    [b"type", b"index", b"spec", [b"index", 1]],
    b"find_keys",
    [b"type", b"range", b"spec", [b"lastkey", 0, b"keystep", 1, b"limit", 0]],
]
KEY_SPEC_3 = {
    b"flags": {b"RO", b"access"},
    b"begin_search": {b"type": b"index", b"spec": {b"index": 1}},
    b"find_keys": {b"type": b"range", b"spec": {b"lastkey": 0, b"keystep": 1, b"limit": 0}},
}
XGROUP = [b"xgroup", -2, [], 0, 0, 0, [b"@slow"], [], []]
COMMANDS_2 = [
    [b"get", 2, [b"fast", b"readonly"], 1, 1, 1, [b"@fast", b"@read"], [b"tip"], [KEY_SPEC_2], []],
    None,
    [*XGROUP, [[b"xgroup|create", -5, [b"write"], 2, 2, 1, [b"@write"], [], [], []]]],
]
COMMANDS_3 = [
    [b"get", 2, {b"readonly", b"fast"}, 1, 1, 1, {b"@read", b"@fast"}, [b"tip"], [KEY_SPEC_3], []],
    None,
    [*XGROUP, [[b"xgroup|create", -5, {b"write"}, 2, 2, 1, {b"@write"}, [], [], []]]],
]
COMMANDS_PARSED = {
    "get": {
        "name": "get",
        "arity": 2,
        "flags": ["fast", "readonly"],
        "first_key_pos": 1,
        "last_key_pos": 1,
        "step_count": 1,
        "acl_categories": ["@fast", "@read"],
        "tips": ["tip"],
        "key_specifications": [
            {
                "flags": ["RO", "access"],
                "begin_search": {"type": "index", "spec": {"index": 1}},
                "find_keys": {"type": "range", "spec": {"lastkey": 0, "keystep": 1, "limit": 0}},
            }
        ],
        "subcommands": [],
    },
    "xgroup": {
        "name": "xgroup",
        "arity": -2,
        "flags": [],
        "first_key_pos": 0,
        "last_key_pos": 0,
        "step_count": 0,
        "acl_categories": ["@slow"],
        "tips": [],
        "key_specifications": [],
        "subcommands": [
            {
                "name": "xgroup|create",
                "arity": -5,
                "flags": ["write"],
                "first_key_pos": 2,
                "last_key_pos": 2,
                "step_count": 1,
                "acl_categories": ["@write"],
                "tips": [],
                "key_specifications": [],
                "subcommands": [],
            }
        ],
    },
}

DOCS_2 = [
    b"config",
    [
        b"summary",
        b"A container",
        b"history",
        [[b"2.0.0", b"Added"]],
        b"doc_flags",
        [b"a", b"b"],
        b"subcommands",
        [
            b"config|get",
            [
                b"since",
                b"2.0.0",
                b"arguments",
                [
                    [
                        b"name",
                        b"choice",
                        b"type",
                        b"oneof",
                        b"arguments",
                        [[b"name", b"x", b"flags", [b"optional", b"y"]]],
                    ]
                ],
            ],
        ],
    ],
]
DOCS_3 = {
    b"config": {
        b"summary": b"A container",
        b"history": [[b"2.0.0", b"Added"]],
        b"doc_flags": {b"b", b"a"},
        b"subcommands": {
            b"config|get": {
                b"since": b"2.0.0",
                b"arguments": [
                    {
                        b"name": b"choice",
                        b"type": b"oneof",
                        b"arguments": [{b"name": b"x", b"flags": [b"optional", b"y"]}],
                    }
                ],
            }
        },
    }
}

SLOWLOG = [
    [5, 1700000000, 12, [b"SET", b"k", b"v"], b"10.0.0.1:5", b"name"],
    [4, 1700000000, 11, [b"PING"]],
    [3, 1700000000, 10, 77, [b"GET", b"k"], b"10.0.0.1:5", b""],
]

CASES = [
    ("info", server.info, INFO, INFO_PARSED),
    ("client", server.client, CLIENT, CLIENT_PARSED),
    ("client-info", server.client_info, CLIENT, CLIENT_PARSED | {"id": 7}),
    ("clients", server.clients, CLIENT + b"id=8 addr=10.0.0.2:5\n", [CLIENT_PARSED, {"id": "8", "addr": "10.0.0.2:5"}]),
    ("no-clients", server.clients, b"", []),
    ("time", server.time_of_day, [b"1700000000", b"123456"], (1700000000, 123456)),
    ("memory-2", server.memory_stats, MEMORY_2, MEMORY_PARSED),
    ("memory-3", server.memory_stats, MEMORY_3, MEMORY_PARSED),
    ("commands-2", server.commands, COMMANDS_2, COMMANDS_PARSED),
    ("commands-3", server.commands, COMMANDS_3, COMMANDS_PARSED),
    (
        "docs-2",
        server.command_docs,
        DOCS_2,
        deep_text(DOCS_3) | {"config": deep_text(DOCS_3)["config"] | {"doc_flags": ["a", "b"]}},
    ),
    (
        "docs-3",
        server.command_docs,
        DOCS_3,
        deep_text(DOCS_3) | {"config": deep_text(DOCS_3)["config"] | {"doc_flags": ["a", "b"]}},
    ),
    (
        "histograms-2",
        server.latency_histograms,
        [b"set", [b"calls", 3, b"histogram_usec", [8, 1, 16, 2]]],
        {"set": {"calls": 3, "histogram_usec": {8: 1, 16: 2}}},
    ),
    (
        "histograms-3",
        server.latency_histograms,
        {b"set": {b"calls": 3, b"histogram_usec": {8: 1, 16: 2}}},
        {"set": {"calls": 3, "histogram_usec": {8: 1, 16: 2}}},
    ),
    ("no-histograms", server.latency_histograms, [], {}),
    (
        "debug",
        server.debug_object,
        b"Value at:0x7f refcount:1 encoding:embstr serializedlength:2 lru:2965 lru_seconds_idle:0",
        {
            "type": "Value",
            "at": "0x7f",
            "refcount": 1,
            "encoding": "embstr",
            "serializedlength": 2,
            "lru": 2965,
            "lru_seconds_idle": 0,
        },
    ),
    ("killed-address", server.killed, b"OK", True),
    ("killed-filter", server.killed, 3, 3),
    ("pong", server.pong, b"PONG", True),
    ("no-pong", server.pong, b"hello", False),
]


@pytest.mark.parametrize("decoded", [False, True], ids=["bytes", "text"])
@pytest.mark.parametrize(
    ("convert", "reply", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_converters(convert, reply, expected, decoded):
    assert convert(deep_text(reply) if decoded else reply) == expected


def test_lastsave_is_local_time():
    assert server.moment(1700000000) == datetime.datetime.fromtimestamp(1700000000)


def test_slow_commands():
    assert server.slow_commands(SLOWLOG) == [
        {
            "id": 5,
            "start_time": 1700000000,
            "duration": 12,
            "command": b"SET k v",
            "client_address": b"10.0.0.1:5",
            "client_name": b"name",
        },
        {"id": 4, "start_time": 1700000000, "duration": 11, "command": b"PING"},
        {
            "id": 3,
            "start_time": 1700000000,
            "duration": 10,
            "complexity": 77,
            "command": b"GET k",
            "client_address": b"10.0.0.1:5",
            "client_name": b"",
        },
    ]
    assert server.slow_commands(deep_text(SLOWLOG))[0]["command"] == "SET k v"
    # Redis 8.10 adds how many arguments there were; others may add more.
    longer = server.slow_commands([[*SLOWLOG[0], 40, "later"]])
    assert longer == [{**server.slow_commands(SLOWLOG)[0], "argument_count": 40}]
    assert server.slow_commands([]) == []


@pytest.mark.parametrize("reply", [[b"a", 1, b"b", 2], {b"a": 1, b"b": 2}], ids=["RESP2", "RESP3"])
def test_channel_counts_keep_the_kind_of_text(reply):
    assert server.channel_counts(reply) == [(b"a", 1), (b"b", 2)]
    assert server.channel_counts(deep_text(reply)) == [("a", 1), ("b", 2)]


@pytest.mark.parametrize("flags", [[b"OW", b"update"], {b"update", b"OW"}], ids=["RESP2", "RESP3"])
def test_keys_and_flags(flags):
    assert server.command_keys_and_flags([[b"a", flags]]) == [[b"a", ["OW", "update"]]]


@pytest.mark.parametrize(
    "reply",
    [[b"matches", [[[0, 0], [0, 0]]], b"len", 1], {b"matches": [[[0, 0], [0, 0]]], b"len": 1}],
    ids=["RESP2", "RESP3"],
)
def test_lcs_matches(reply):
    assert lcs_matches(reply) == [b"matches", [[[0, 0], [0, 0]]], b"len", 1]
