"""Commands on keys of any kind."""

from __future__ import annotations

import datetime
import time
from datetime import timedelta

import pytest

from multiplexer.errors import DataError, ResponseError

from ...servers.real import RealServer


async def test_deleting(db):
    await db.mset({"a": 1, "b": 2, "c": 3})
    assert await db.exists("a", "b", "none", "a") == 3
    assert await db.touch("a", "none") == 1
    assert await db.delete("a", "none") == 1
    assert await db.unlink("b", "c") == 2
    assert await db.exists("a", "b", "c") == 0


@pytest.mark.parametrize(
    ("name", "command", "argument"),
    [
        ("delete", "DEL", "names"),
        ("exists", "EXISTS", "names"),
        ("unlink", "UNLINK", "names"),
        ("touch", "TOUCH", "args"),
    ],
)
async def test_no_key(db, name, command, argument):
    with pytest.raises(DataError, match=f"{command}: {argument} must not be empty"):
        getattr(db, name)()


async def test_copy(db):
    await db.mset({"a": 1, "b": 2})
    assert await db.copy("a", "c") is True
    assert await db.copy("a", "b") is False
    assert await db.copy("a", "b", replace=True) is True
    assert await db.get("b") == b"1"
    assert await db.copy("a", "a", destination_db=1) is True


async def test_dump_and_restore(db_str):
    await db_str.rpush("k", "a", "b")
    dumped = await db_str.dump("k")
    assert isinstance(dumped, bytes)
    assert await db_str.dump("none") is None
    assert await db_str.restore("copy", 0, dumped) is True
    assert await db_str.lrange("copy", 0, -1) == ["a", "b"]
    with pytest.raises(ResponseError, match="BUSYKEY"):
        await db_str.restore("copy", 0, dumped)
    assert await db_str.restore("copy", 10_000, dumped, replace=True, idletime=100) is True
    assert 0 < await db_str.pttl("copy") <= 10_000
    assert await db_str.object_idletime("copy") >= 100
    assert await db_str.restore("copy", 4_000_000_000_000, dumped, True, absttl=True, frequency=5) is True
    assert await db_str.pexpiretime("copy") == 4_000_000_000_000
    with pytest.raises(ResponseError, match=r"Bad data format|checksum"):
        await db_str.restore("bad", 0, dumped[:-1])
    with pytest.raises(DataError, match="RESTORE: ttl must not be negative"):
        db_str.restore("k", -1, dumped)


async def test_expiry(db):
    await db.set("k", "v")
    assert await db.ttl("k") == -1
    assert await db.pttl("none") == -2
    assert await db.expiretime("k") == -1
    assert await db.pexpiretime("none") == -2
    assert await db.expire("k", 100) is True
    assert 0 < await db.ttl("k") <= 100
    assert await db.expire("none", 100) is False
    assert await db.pexpire("k", timedelta(seconds=50)) is True
    assert 0 < await db.pttl("k") <= 50_000
    assert await db.persist("k") is True
    assert await db.persist("k") is False


async def test_expiry_at_a_point_in_time(db):
    await db.set("k", "v")
    moment = datetime.datetime(2100, 1, 1, microsecond=345_678, tzinfo=datetime.UTC)
    assert await db.expireat("k", moment) is True
    assert await db.expiretime("k") == 4_102_444_800
    assert await db.pexpireat("k", moment) is True
    assert await db.pexpiretime("k") == 4_102_444_800_345
    assert await db.expireat("k", int(time.time()) + 10) is True
    assert 0 < await db.ttl("k") <= 10
    assert await db.pexpireat("k", 1) is True
    assert await db.exists("k") == 0


async def test_expiry_on_conditions(db):
    await db.set("k", "v")
    assert await db.expire("k", 100, xx=True) is False
    assert await db.expire("k", 100, nx=True) is True
    assert await db.expire("k", 200, lt=True) is False
    assert await db.expire("k", 200, gt=True, xx=True) is True
    assert await db.pexpire("k", 100_000, gt=True) is False
    assert await db.expireat("k", 4_000_000_000, nx=True) is False
    assert await db.pexpireat("k", 4_000_000_000_000, gt=True) is True


@pytest.mark.parametrize("name", ["expire", "pexpire", "expireat", "pexpireat"])
@pytest.mark.parametrize("options", [{"nx": True, "xx": True}, {"nx": True, "gt": True}, {"gt": True, "lt": True}])
async def test_expiry_with_bad_options(db, name, options):
    problem = f"{name.upper()}: {' and '.join(options)} contradict each other"
    with pytest.raises(DataError, match=problem):
        getattr(db, name)("k", 1, **options)


@pytest.mark.parametrize("name", ["expire", "pexpire", "expireat", "pexpireat"])
async def test_expiry_of_a_wrong_type(db, name):
    with pytest.raises(DataError, match=f"{name.upper()}: .* must be an int or a .*, not float"):
        getattr(db, name)("k", 1.5)


async def test_keys(db, db_str):
    assert await db.randomkey() is None
    await db.mset({"a1": 1, "a2": 2, "b": 3})
    assert set(await db.keys()) == {b"a1", b"a2", b"b"}
    assert set(await db_str.keys("a*")) == {"a1", "a2"}
    assert await db.randomkey() in {b"a1", b"a2", b"b"}


async def test_migrate(db, server):
    await db.mset({"a": 1, "b": 2, "c": 3})
    with RealServer.start(server.kind, password="secret") as other:
        assert await db.migrate(other.host, other.port, ["a", "b"], 0, 5000, auth="secret") is True
        assert await db.exists("a", "b") == 0
        assert other.command("MGET", "a", "b", "c") == [b"1", b"2", None]
        assert await db.migrate(other.host, other.port, "none", 0, 5000, auth="secret") is False
        await db.set("a", "new")
        with pytest.raises(ResponseError, match="BUSYKEY"):
            await db.migrate(other.host, other.port, "a", 0, 5000, auth="secret")
        assert await db.migrate(
            other.host, other.port, "a", 0, 5000, copy=True, replace=True, auth="secret", username="default"
        )
        assert other.command("GET", "a") == b"new"
        assert await db.get("a") == b"new"


async def test_migrate_with_bad_options(db):
    with pytest.raises(DataError, match="MIGRATE: keys must not be empty"):
        db.migrate("127.0.0.1", 1, [], 0, 1)
    with pytest.raises(DataError, match="MIGRATE: timeout must not be negative"):
        db.migrate("127.0.0.1", 1, "k", 0, -1)
    with pytest.raises(DataError, match="MIGRATE: username needs auth"):
        db.migrate("127.0.0.1", 1, "k", 0, 1, username="joe")


async def test_move(db):
    await db.set("k", "v")
    assert await db.move("k", 1) is True
    assert await db.move("k", 1) is False


async def test_object(db, db_str):
    await db.set("k", 1)
    assert await db.object_encoding("k") == b"int"
    assert await db_str.object("encoding", "k") == "int"
    assert await db.object_idletime("k") >= 0
    assert await db.object_refcount("k") >= 1
    assert await db.object("IDLETIME", "k") >= 0
    with pytest.raises(ResponseError, match="LFU"):
        await db.object_freq("k")
    with pytest.raises(DataError, match="OBJECT: infotype must be one of ENCODING, FREQ"):
        db.object("SIZE", "k")


async def test_object_freq(db):
    assert await db.config_set("maxmemory-policy", "allkeys-lfu") is True
    try:
        await db.set("k", "v")
        assert await db.object_freq("k") >= 1
    finally:
        await db.config_set("maxmemory-policy", "noeviction")


async def test_renaming(db):
    await db.mset({"a": 1, "b": 2})
    assert await db.rename("a", "c") is True
    assert await db.renamenx("c", "b") is False
    assert await db.renamenx("c", "d") is True
    assert await db.get("d") == b"1"
    with pytest.raises(ResponseError, match="no such key"):
        await db.rename("none", "a")


async def test_scan(db, db_str):
    names = {f"key:{number}" for number in range(500)}
    await db.mset(dict.fromkeys(names, 1))
    await db.rpush("list", 1)
    cursor, keys = await db.scan(count=10)
    assert cursor != 0
    assert keys
    assert {key async for key in db_str.scan_iter(count=50)} == {*names, "list"}
    assert {key async for key in db.scan_iter("key:49*")} == {b"key:49", *(b"key:49%d" % i for i in range(10))}
    assert [key async for key in db.scan_iter(_type="list")] == [b"list"]
    assert await db_str.scan(0, "list", 10_000, "LIST") == (0, ["list"])


async def test_scan_iter_left_early(db):
    await db.mset({f"key:{number}": 1 for number in range(100)})
    async for key in db.scan_iter(count=10):
        assert key.startswith(b"key:")
        break
    assert await db.dbsize() == 100


async def test_scan_with_bad_options(db):
    with pytest.raises(DataError, match="SCAN: count must be at least 1"):
        db.scan(count=0)
    with pytest.raises(DataError, match="SCAN: cursor must not be negative"):
        db.scan(-1)
    with pytest.raises(DataError, match="SCAN: count must be at least 1"):
        assert [key async for key in db.scan_iter(count=-1)] == []


async def test_sort(db, db_str):
    await db.rpush("k", "3", "1", "2")
    assert await db.sort("k") == [b"1", b"2", b"3"]
    assert await db_str.sort("k", desc=True, start=0, num=2) == ["3", "2"]
    assert await db.sort("k", alpha=True, store="sorted") == 3
    assert await db.lrange("sorted", 0, -1) == [b"1", b"2", b"3"]
    await db.mset({"weight:1": 30, "weight:2": 20, "weight:3": 10, "name:1": "one", "name:3": "three"})
    assert await db.sort("k", by="weight:*") == [b"3", b"2", b"1"]
    assert await db.sort("k", get="name:*") == [b"one", None, b"three"]
    assert await db.sort("k", get=["name:*", "#"]) == [b"one", b"1", None, b"2", b"three", b"3"]
    assert await db.sort("k", get=["name:*", "#"], groups=True) == [(b"one", b"1"), (None, b"2"), (b"three", b"3")]
    assert await db.sort("none", get=["name:*", "#"], groups=True) == []
    assert await db.sort_ro("k", by="nosort", get=["#"], start=1, num=1) == [b"1"]
    assert await db.sort_ro("k", desc=True, alpha=True) == [b"3", b"2", b"1"]


async def test_sort_with_bad_options(db):
    with pytest.raises(DataError, match="SORT: start and num must both be given"):
        db.sort("k", start=1)
    with pytest.raises(DataError, match="SORT_RO: start and num must both be given"):
        db.sort_ro("k", num=1)
    with pytest.raises(DataError, match="SORT: groups needs at least two get patterns"):
        db.sort("k", get="#", groups=True)
    with pytest.raises(DataError, match="SORT: store and groups contradict each other"):
        db.sort("k", get=["#", "#"], groups=True, store="r")


async def test_type(db, db_str):
    await db.set("k", "v")
    assert await db.type("k") == b"string"
    assert await db_str.type("none") == "none"
