# Generated from tests/asyncio/test_protocol_faults.py by scripts/generate_blocking.py; change that file instead.
"""Whatever a server sends: no caller ever gets a reply that is not its own."""

from __future__ import annotations

from functools import partial

import pytest

from multiplexer.errors import DataError, ProtocolError, RedisConnectionError, ResponseError
from tests.servers import (
    DEFAULT,
    Close,
    Error,
    FaultProxy,
    Many,
    Push,
    Raw,
    RealServer,
    ScriptedServer,
    Sequence,
    Silence,
    Verbatim,
)

from ._world import gather, spawn, until
from .connecting import connect


@pytest.mark.parametrize("protocol", [2, 3])
@pytest.mark.parametrize(
    "garbage",
    [b"garbage\r\n", b"$-7\r\n", b":12x\r\n", b"*1\r\n!\r\n", b"\x00\x00", b"HTTP/1.1 200\r\n"],
)
def test_garbage_closes_the_connection_and_fails_what_was_in_flight(garbage: bytes, protocol: int) -> None:
    with ScriptedServer() as server:
        server.on("INCR", Sequence(Silence(), Raw(garbage)))
        with connect(server, protocol=protocol) as mux:
            db = mux.get_database()
            first = spawn(db.incr, "n")
            until(lambda: server.commands("INCR"))
            for call in (spawn(db.incr, "n"), first):
                with pytest.raises(ProtocolError, match="was sent and may have been applied"):
                    call.result()
            until(lambda: mux.is_connected)
            assert db.incr("n") == 1
            assert server.accepted == 2


def test_a_reply_without_a_request_closes_the_connection() -> None:
    with ScriptedServer() as server:
        server.on("SET", Sequence(Many("OK", "stray")))
        with connect(server, heartbeat_interval=0.05) as mux:
            db = mux.get_database()
            db.set("key", "value")
            until(lambda: server.accepted == 2)  # noticed although nobody asks for anything more
            assert db.ping()


def test_one_reply_too_many_never_reaches_the_next_caller() -> None:
    with ScriptedServer() as server:
        server.on("GET", Sequence(Many("mine", "stray")))
        with connect(server) as mux:
            db = mux.get_database()
            db.set("key", "right")
            assert db.get("key") == b"mine"
            assert db.get("key") == b"right"


@pytest.mark.parametrize("bytes_of_it", [0, 1, 4, 7, 12, 17])
def test_a_reply_that_is_cut(bytes_of_it: int) -> None:
    # "$10\r\n0123456789\r\n" in full are 17 bytes; all of them make a reply that counts.
    with ScriptedServer() as server:
        server.on("GETDEL", Close("0123456789", after_bytes=bytes_of_it))
        with connect(server) as mux:
            db = mux.get_database()
            if bytes_of_it == 17:
                assert db.getdel("key") == b"0123456789"
            else:
                with pytest.raises(RedisConnectionError, match="was sent") as caught:
                    db.getdel("key")
                assert caught.value.was_sent
            until(lambda: mux.is_connected and server.accepted == 2)
            assert db.set("key", 1)


@pytest.mark.parametrize("protocol", [2, 3])
def test_a_connection_cut_in_the_middle_of_many(server: RealServer, protocol: int) -> None:
    # Whoever has a result has the right one; whoever has none is told that it was sent.
    with FaultProxy(server.host, server.port) as proxy:
        with connect(proxy, protocol=protocol) as mux:
            db = mux.get_database()
            db.mset({f"key-{index}": index for index in range(100)})
            proxy.cut(after_items=37, after_bytes=2)

            def take(index: int) -> bytes | None:
                try:
                    return db.getdel(f"key-{index}")
                except RedisConnectionError as error:
                    return b"sent" if error.was_sent else b"unsent"

            results = gather(*[partial(take, index) for index in range(100)])
            right = [index for index, result in enumerate(results) if result == b"%d" % index]
            lost = [index for index, result in enumerate(results) if result == b"sent"]
            assert lost
            assert sorted(right + lost) == list(range(100))


def test_pushes_nobody_knows_are_ignored() -> None:
    with ScriptedServer() as server:
        server.on("GET", Many(Push("weather", "rain", 3), DEFAULT, Push("news")))
        with connect(server, protocol=3) as mux:
            db = mux.get_database()
            db.set("key", "value")
            for _ in range(3):
                assert db.get("key") == b"value"
            server.push("invalidate", [b"key"])
            server.push("weather")
            assert db.get("key") == b"value"
            assert server.accepted == 1


def test_a_push_within_everything_else() -> None:
    with ScriptedServer() as server:
        server.on("SET", Many(Push("a"), Push("b", {"c": [1, 2]}), DEFAULT))
        with connect(server, protocol=3) as mux:
            db = mux.get_database()
            calls = [partial(db.set, f"key-{index}", index) for index in range(50)]
            assert gather(*calls) == [True] * 50
            assert db.mget([f"key-{index}" for index in range(50)]) == [b"%d" % index for index in range(50)]


def test_attributes_of_a_real_server(own_server: RealServer) -> None:
    with connect(own_server, protocol=3, allow_admin=True) as mux:
        db = mux.get_database()
        db.set("key", "|1\r\n+not\r\n+one\r\n")
        debug = mux.get_server().execute
        for _ in range(20):
            first = debug("DEBUG", "PROTOCOL", "attrib")
            assert first == b"Some real reply following the attribute"
            assert db.get("key") == b"|1\r\n+not\r\n+one\r\n"
        assert mux.get_counters()[0].interactive.socket_count == 1


@pytest.mark.parametrize(
    ("words", "reply"),
    [
        ("bignum", b"1234567999999999999999999999999999999"),  # the parser leaves it to the reader of the digits
        ("double", 3.141),
        ("null", None),
        ("true", True),
        ("false", False),
        ("verbatim", b"This is a verbatim\nstring"),
        ("integer", 12345),
        ("array", [0, 1, 2]),
        ("string", b"Hello World"),
    ],
)
def test_every_type_of_resp3_on_a_real_server(own_server: RealServer, words: str, reply: object) -> None:
    with connect(own_server, protocol=3, allow_admin=True) as mux:
        result = mux.get_server().execute("DEBUG", "PROTOCOL", words)
        assert result == reply
        assert type(result) is type(reply)
        if words == "verbatim":
            assert mux.get_server().execute("DEBUG", "PROTOCOL", words, decode=True) == reply.decode()
        for word in ("set", "map"):
            assert len(mux.get_server().execute("DEBUG", "PROTOCOL", word)) == 3


@pytest.mark.parametrize(
    ("wire", "reply"),
    [
        (b"~2\r\n$1\r\na\r\n$1\r\nb\r\n", [b"a", b"b"]),
        (b"%1\r\n+a\r\n:1\r\n", {b"a": 1}),
        (b",inf\r\n", float("inf")),
        (b",-inf\r\n", float("-inf")),
        (b",1.5e300\r\n", 1.5e300),
        (b"(-3492890328409238509324850943850943825024385\r\n", b"-3492890328409238509324850943850943825024385"),
        (b"=7\r\ntxt:abc\r\n", b"abc"),
        (b"_\r\n", None),
        (b"#t\r\n", True),
        (b"*-1\r\n", None),
        (b"$-1\r\n", None),
        (b"*0\r\n", []),
        (b"$0\r\n\r\n", b""),
        (b"|1\r\n+ttl\r\n:3600\r\n$1\r\na\r\n", b"a"),
        (b"*2\r\n$1\r\na\r\n|1\r\n+ttl\r\n:3600\r\n$1\r\nb\r\n", [b"a", b"b"]),
    ],
)
def test_every_type_of_resp3_on_the_wire(wire: bytes, reply: object) -> None:
    with ScriptedServer() as server:
        server.on("GET", Sequence(Raw(wire), Many(Push("between"), Raw(wire)), "after"))
        with connect(server, protocol=3) as mux:
            db = mux.get_database()
            assert db.execute("GET", "key") == reply
            assert db.execute("GET", "key") == reply
            assert db.execute("GET", "key") == b"after"
            assert server.accepted == 1


def test_an_error_inside_a_reply_stays_inside() -> None:
    with ScriptedServer() as server:
        server.on("MGET", ["a", Error("ERR inner"), "b"])
        with connect(server) as mux:
            first, inner, last = mux.get_database().execute("MGET", "x", "y", "z")
            assert (first, last) == (b"a", b"b")
            assert isinstance(inner, ResponseError)
            assert mux.get_database().ping()


def test_verbatim_strings_lose_their_mark() -> None:
    with ScriptedServer() as server:
        server.on("GET", Verbatim("text"))
        with connect(server, protocol=3) as mux:
            assert mux.get_database().get("key") == b"text"
            assert mux.get_database(decode=True).get("key") == "text"


def test_arguments_cannot_become_commands(server: RealServer) -> None:
    nasty = b"x\r\n*1\r\n$8\r\nFLUSHALL\r\n$-1\r\n"
    with connect(server) as mux:
        db = mux.get_database()
        db.set(nasty, nasty)
        db.set("text\r\nSET other 1\r\n", "1")
        db.hset(nasty + b"h", mapping={nasty: nasty, b"\x00\xff": bytes(range(256))})
        assert db.get(nasty) == nasty
        assert db.hgetall(nasty + b"h") == {nasty: nasty, b"\x00\xff": bytes(range(256))}
        assert db.execute("ECHO", nasty) == nasty
        assert db.dbsize() == 3
        for words in (("GET key\r\nFLUSHALL",), ("GET\r\nFLUSHALL", "key")):
            with pytest.raises((ResponseError, DataError)):
                db.execute(*words)
        assert db.dbsize() == 3


def test_one_byte_at_a_time(server: RealServer) -> None:
    with FaultProxy(server.host, server.port) as proxy:
        proxy.dribble()
        with connect(proxy, protocol=3, timeout=20) as mux:
            db = mux.get_database()
            db.hset("hash", mapping={"|a": "1", "b\r\n|": "2"})
            assert gather(*[partial(db.hgetall, "hash")] * 3) == [{b"|a": b"1", b"b\r\n|": b"2"}] * 3
