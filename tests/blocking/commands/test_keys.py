# Generated from tests/asyncio/commands/test_keys.py by scripts/generate_blocking.py; change that file instead.
"""Commands on keys of any kind."""

from __future__ import annotations

import datetime
import time
from datetime import timedelta

import pytest

from multiplexer.errors import DataError, ResponseError

from ...servers.real import RealServer


def test_deleting(db):
    db.mset({"a": 1, "b": 2, "c": 3})
    assert db.exists("a", "b", "none", "a") == 3
    assert db.touch("a", "none") == 1
    assert db.delete("a", "none") == 1
    assert db.unlink("b", "c") == 2
    assert db.exists("a", "b", "c") == 0


@pytest.mark.parametrize(
    ("name", "command", "argument"),
    [
        ("delete", "DEL", "names"),
        ("exists", "EXISTS", "names"),
        ("unlink", "UNLINK", "names"),
        ("touch", "TOUCH", "args"),
    ],
)
def test_no_key(db, name, command, argument):
    with pytest.raises(DataError, match=f"{command}: {argument} must not be empty"):
        getattr(db, name)()


def test_copy(db):
    db.mset({"a": 1, "b": 2})
    assert db.copy("a", "c") is True
    assert db.copy("a", "b") is False
    assert db.copy("a", "b", replace=True) is True
    assert db.get("b") == b"1"
    assert db.copy("a", "a", destination_db=1) is True


def test_dump_and_restore(db_str):
    db_str.rpush("k", "a", "b")
    dumped = db_str.dump("k")
    assert isinstance(dumped, bytes)
    assert db_str.dump("none") is None
    assert db_str.restore("copy", 0, dumped) is True
    assert db_str.lrange("copy", 0, -1) == ["a", "b"]
    with pytest.raises(ResponseError, match="BUSYKEY"):
        db_str.restore("copy", 0, dumped)
    assert db_str.restore("copy", 10_000, dumped, replace=True, idletime=100) is True
    assert 0 < db_str.pttl("copy") <= 10_000
    assert db_str.object_idletime("copy") >= 100
    assert db_str.restore("copy", 4_000_000_000_000, dumped, True, absttl=True, frequency=5) is True
    assert db_str.pexpiretime("copy") == 4_000_000_000_000
    with pytest.raises(ResponseError, match=r"Bad data format|checksum"):
        db_str.restore("bad", 0, dumped[:-1])
    with pytest.raises(DataError, match="RESTORE: ttl must not be negative"):
        db_str.restore("k", -1, dumped)


def test_expiry(db):
    db.set("k", "v")
    assert db.ttl("k") == -1
    assert db.pttl("none") == -2
    assert db.expiretime("k") == -1
    assert db.pexpiretime("none") == -2
    assert db.expire("k", 100) is True
    assert 0 < db.ttl("k") <= 100
    assert db.expire("none", 100) is False
    assert db.pexpire("k", timedelta(seconds=50)) is True
    assert 0 < db.pttl("k") <= 50_000
    assert db.persist("k") is True
    assert db.persist("k") is False


def test_expiry_at_a_point_in_time(db):
    db.set("k", "v")
    moment = datetime.datetime(2100, 1, 1, microsecond=345_678, tzinfo=datetime.UTC)
    assert db.expireat("k", moment) is True
    assert db.expiretime("k") == 4_102_444_800
    assert db.pexpireat("k", moment) is True
    assert db.pexpiretime("k") == 4_102_444_800_345
    assert db.expireat("k", int(time.time()) + 10) is True
    assert 0 < db.ttl("k") <= 10
    assert db.pexpireat("k", 1) is True
    assert db.exists("k") == 0


def test_expiry_on_conditions(db):
    db.set("k", "v")
    assert db.expire("k", 100, xx=True) is False
    assert db.expire("k", 100, nx=True) is True
    assert db.expire("k", 200, lt=True) is False
    assert db.expire("k", 200, gt=True, xx=True) is True
    assert db.pexpire("k", 100_000, gt=True) is False
    assert db.expireat("k", 4_000_000_000, nx=True) is False
    assert db.pexpireat("k", 4_000_000_000_000, gt=True) is True


@pytest.mark.parametrize("name", ["expire", "pexpire", "expireat", "pexpireat"])
@pytest.mark.parametrize("options", [{"nx": True, "xx": True}, {"nx": True, "gt": True}, {"gt": True, "lt": True}])
def test_expiry_with_bad_options(db, name, options):
    problem = f"{name.upper()}: {' and '.join(options)} contradict each other"
    with pytest.raises(DataError, match=problem):
        getattr(db, name)("k", 1, **options)


@pytest.mark.parametrize("name", ["expire", "pexpire", "expireat", "pexpireat"])
def test_expiry_of_a_wrong_type(db, name):
    with pytest.raises(DataError, match=f"{name.upper()}: .* must be an int or a .*, not float"):
        getattr(db, name)("k", 1.5)


def test_keys(db, db_str):
    assert db.randomkey() is None
    db.mset({"a1": 1, "a2": 2, "b": 3})
    assert set(db.keys()) == {b"a1", b"a2", b"b"}
    assert set(db_str.keys("a*")) == {"a1", "a2"}
    assert db.randomkey() in {b"a1", b"a2", b"b"}


def test_migrate(db, server):
    db.mset({"a": 1, "b": 2, "c": 3})
    with RealServer.start(server.kind, password="secret") as other:
        assert db.migrate(other.host, other.port, ["a", "b"], 0, 5000, auth="secret") is True
        assert db.exists("a", "b") == 0
        assert other.command("MGET", "a", "b", "c") == [b"1", b"2", None]
        assert db.migrate(other.host, other.port, "none", 0, 5000, auth="secret") is False
        db.set("a", "new")
        with pytest.raises(ResponseError, match="BUSYKEY"):
            db.migrate(other.host, other.port, "a", 0, 5000, auth="secret")
        assert db.migrate(
            other.host, other.port, "a", 0, 5000, copy=True, replace=True, auth="secret", username="default"
        )
        assert other.command("GET", "a") == b"new"
        assert db.get("a") == b"new"


def test_migrate_with_bad_options(db):
    with pytest.raises(DataError, match="MIGRATE: keys must not be empty"):
        db.migrate("127.0.0.1", 1, [], 0, 1)
    with pytest.raises(DataError, match="MIGRATE: timeout must not be negative"):
        db.migrate("127.0.0.1", 1, "k", 0, -1)
    with pytest.raises(DataError, match="MIGRATE: username needs auth"):
        db.migrate("127.0.0.1", 1, "k", 0, 1, username="joe")


def test_move(db):
    db.set("k", "v")
    assert db.move("k", 1) is True
    assert db.move("k", 1) is False


def test_object(db, db_str):
    db.set("k", 1)
    assert db.object_encoding("k") == b"int"
    assert db_str.object("encoding", "k") == "int"
    assert db.object_idletime("k") >= 0
    assert db.object_refcount("k") >= 1
    assert db.object("IDLETIME", "k") >= 0
    with pytest.raises(ResponseError, match="LFU"):
        db.object_freq("k")
    with pytest.raises(DataError, match="OBJECT: infotype must be one of ENCODING, FREQ"):
        db.object("SIZE", "k")


def test_object_freq(db):
    assert db.config_set("maxmemory-policy", "allkeys-lfu") is True
    try:
        db.set("k", "v")
        assert db.object_freq("k") >= 1
    finally:
        db.config_set("maxmemory-policy", "noeviction")


def test_renaming(db):
    db.mset({"a": 1, "b": 2})
    assert db.rename("a", "c") is True
    assert db.renamenx("c", "b") is False
    assert db.renamenx("c", "d") is True
    assert db.get("d") == b"1"
    with pytest.raises(ResponseError, match="no such key"):
        db.rename("none", "a")


def test_scan(db, db_str):
    names = {f"key:{number}" for number in range(500)}
    db.mset(dict.fromkeys(names, 1))
    db.rpush("list", 1)
    cursor, keys = db.scan(count=10)
    assert cursor != 0
    assert keys
    assert {key for key in db_str.scan_iter(count=50)} == {*names, "list"}
    assert {key for key in db.scan_iter("key:49*")} == {b"key:49", *(b"key:49%d" % i for i in range(10))}
    assert [key for key in db.scan_iter(_type="list")] == [b"list"]
    assert db_str.scan(0, "list", 10_000, "LIST") == (0, ["list"])


def test_scan_iter_left_early(db):
    db.mset({f"key:{number}": 1 for number in range(100)})
    for key in db.scan_iter(count=10):
        assert key.startswith(b"key:")
        break
    assert db.dbsize() == 100


def test_scan_with_bad_options(db):
    with pytest.raises(DataError, match="SCAN: count must be at least 1"):
        db.scan(count=0)
    with pytest.raises(DataError, match="SCAN: cursor must not be negative"):
        db.scan(-1)
    with pytest.raises(DataError, match="SCAN: count must be at least 1"):
        assert [key for key in db.scan_iter(count=-1)] == []


def test_sort(db, db_str):
    db.rpush("k", "3", "1", "2")
    assert db.sort("k") == [b"1", b"2", b"3"]
    assert db_str.sort("k", desc=True, start=0, num=2) == ["3", "2"]
    assert db.sort("k", alpha=True, store="sorted") == 3
    assert db.lrange("sorted", 0, -1) == [b"1", b"2", b"3"]
    db.mset({"weight:1": 30, "weight:2": 20, "weight:3": 10, "name:1": "one", "name:3": "three"})
    assert db.sort("k", by="weight:*") == [b"3", b"2", b"1"]
    assert db.sort("k", get="name:*") == [b"one", None, b"three"]
    assert db.sort("k", get=["name:*", "#"]) == [b"one", b"1", None, b"2", b"three", b"3"]
    assert db.sort("k", get=["name:*", "#"], groups=True) == [(b"one", b"1"), (None, b"2"), (b"three", b"3")]
    assert db.sort("none", get=["name:*", "#"], groups=True) == []
    assert db.sort_ro("k", by="nosort", get=["#"], start=1, num=1) == [b"1"]
    assert db.sort_ro("k", desc=True, alpha=True) == [b"3", b"2", b"1"]


def test_sort_with_bad_options(db):
    with pytest.raises(DataError, match="SORT: start and num must both be given"):
        db.sort("k", start=1)
    with pytest.raises(DataError, match="SORT_RO: start and num must both be given"):
        db.sort_ro("k", num=1)
    with pytest.raises(DataError, match="SORT: groups needs at least two get patterns"):
        db.sort("k", get="#", groups=True)
    with pytest.raises(DataError, match="SORT: store and groups contradict each other"):
        db.sort("k", get=["#", "#"], groups=True, store="r")


def test_type(db, db_str):
    db.set("k", "v")
    assert db.type("k") == b"string"
    assert db_str.type("none") == "none"
