"""JSON documents, on Redis Stack."""

from __future__ import annotations

from json import JSONDecodeError
from pathlib import Path

import pytest

from multiplexer.asyncio import Database
from multiplexer.errors import ResponseError

#: A value of each type, and some in an object.
ALL = {"s": "ä", "i": 5, "f": 1.5, "t": True, "n": None, "a": [1, 2.5, None, "x"], "o": {"i": 7, "t": False}}


async def test_values_come_back_as_they_were(db: Database[bytes]) -> None:
    json = db.json()
    assert await json.set("k", "$", ALL) is True
    assert await json.get("k") == await json.jsonget("k", no_escape=True) == ALL
    assert await json.get("k", "$") == [ALL]
    assert await json.get("k", "$.a", "$.o.i") == {"$.a": [ALL["a"]], "$.o.i": [7]}
    assert await json.get("k", ".a", ".i") == {".a": ALL["a"], ".i": 5}
    assert (await json.get("k", "$..i"), await json.get("k", "$.none"), await json.get("none")) == ([5, 7], [], None)
    with pytest.raises(ResponseError, match="does not exist"):
        await json.get("k", ".none")
    awkward = {"k\u00e9y\n": '\U0001f600 \x00 " \\ /', "": []}
    assert await json.jsonset(b"\xff\x00", "$", awkward) is True
    assert await json.get(b"\xff\x00") == awkward
    with pytest.raises(ResponseError):
        await json.set("k", "$", "\ud800")  # half a character, which JSON can write and the server does not take


@pytest.mark.parametrize("number", [2**63 - 1, -(2**63), 2**64 - 1, 10.0**30, 5e-324, 0.1])
async def test_numbers_come_back_as_they_were(db: Database[bytes], number: float) -> None:
    await db.json().set("k", "$", number)
    assert await db.json().get("k", "$") == [number]


async def test_setting_on_conditions(db: Database[bytes]) -> None:
    json = db.json()
    assert await json.set("k", "$", {b"a": 1}, xx=True, decode_keys=True) is None
    assert await json.set("k", "$", {b"a": 1}, nx=True, decode_keys=True) is True
    assert (await json.set("k", "$", 2, nx=True), await json.set("k", "$.a", 3, xx=True)) == (None, True)
    assert await json.set("k", "$.a.b", 4) is None  # a number has nothing in it
    with pytest.raises(ResponseError, match="root"):
        await json.set("new", ".a", 1)


async def test_several_documents(db: Database[bytes]) -> None:
    json = db.json()
    assert await json.mset([("a", "$", {"x": 1}), ("b", "$", [1])]) is True
    assert await json.mset([("a", "$.y", None), ("b", "$[0]", 5)]) is True
    await db.set("no document", "1")
    keys = ["a", "b", "none", "no document"]
    assert await json.mget(keys, "$") == [[{"x": 1, "y": None}], [[5]], None, None]
    assert await json.jsonmget(["a", "none"], ".x") == [1, None]
    assert await json.mget(["a"], "$..none") == [[]]
    assert await json.merge("a", "$", {"y": {"z": 1}, "x": None}) is True
    assert await json.merge("new", "$", {"x": 1}) is True
    assert await json.mget(["a", "new"], ".") == [{"y": {"z": 1}}, {"x": 1}]
    with pytest.raises(ResponseError, match="wrong Redis type"):
        await json.get("no document")


async def test_files(db: Database[bytes], tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"a": "ä"}', encoding="utf-8")
    (tmp_path / "b.json").write_text("{")
    assert await db.json().set_path("$", str(tmp_path)) == {
        str(tmp_path / "a.json"): True,
        str(tmp_path / "b.json"): False,
    }
    assert await db.json().get(str(tmp_path / "a")) == {"a": "ä"}
    assert await db.json().set_file("k", "$", str(tmp_path / "a.json"), nx=True) is True
    with pytest.raises(JSONDecodeError):
        await db.json().set_file("k", "$", str(tmp_path / "b.json"))


async def test_types(db: Database[bytes], db_str: Database[str]) -> None:
    await db.json().set("k", "$", ALL)
    for path, names in (
        (None, "object"),
        (".", "object"),
        (".f", "number"),
        ("$", ["object"]),
        ("$.i", ["integer"]),
        ("$.*", ["string", "integer", "number", "boolean", "null", "array", "object"]),
        ("..i", "integer"),
        ("$.none", []),
        (".none", None),
    ):
        assert await db_str.json().type("k", path) == names, path
    assert await db.json().type("k", "$.i") == [b"integer"]
    assert (await db.json().type("none"), await db.json().type("none", "$")) == (None, None)


async def test_in_the_protocol_s_own_types(db: Database[bytes]) -> None:
    json = db.json()
    await json.set("k", "$", ALL)
    shown = ["{", "s", "ä", "i", 5, "f", "1.5", "t", "true", "n", None, "a", ["[", 1, "2.5", None, "x"]]
    shown += ["o", ["{", "i", 7, "t", "false"]]
    assert (await json.resp("k"), await json.resp("k", "$")) == (shown, [shown])
    assert (await json.resp("k", ".f"), await json.resp("k", "$.t")) == ("1.5", ["true"])
    assert (await json.resp("none"), await json.resp("k", "$.none")) == (None, [])


async def test_memory(db: Database[bytes]) -> None:
    json = db.json()
    await json.set("k", "$", ALL)
    assert (await json.debug("MEMORY", "k")) > (await json.debug("memory", "k", ".o")) > 0
    assert len(await json.debug("MEMORY", "k", "$.*")) == len(ALL)
    assert (await json.debug("MEMORY", "none"), await json.debug("MEMORY", "k", "$.none")) == (0, [])
    assert any("MEMORY <key>" in line for line in await json.debug("HELP"))


async def test_arrays(db: Database[bytes]) -> None:
    json = db.json()
    await json.set("k", "$", {"a": [1], "b": [], "c": "no array"})
    assert await json.arrappend("k", "$.*", "x", None, [2]) == [4, 3, None]
    assert await json.arrappend("k", ".a", 1) == 5
    assert await json.arrindex("k", "$.*", 1) == [0, -1, None]
    assert (await json.arrindex("k", ".a", 1, 1), await json.arrindex("k", ".a", 1, 1, 4)) == (4, -1)
    assert (await json.arrindex("k", ".a", None), await json.arrindex("k", ".a", "x", 0, 0)) == (2, 1)
    assert await json.arrinsert("k", "$.*", 0, {"y": 1}) == [6, 4, None]
    assert await json.arrinsert("k", ".b", -1, "z") == 5
    assert (await json.arrlen("k", "$.*"), await json.arrlen("k", ".a"), await json.arrlen("none")) == (
        [6, 5, None],
        6,
        None,
    )
    assert await json.get("k", "$.*") == [[{"y": 1}, 1, "x", None, [2], 1], [{"y": 1}, "x", None, "z", [2]], "no array"]
    assert await json.arrpop("k", "$.*") == ["1", "[2]", None]
    assert (await json.arrpop("k", ".a", 0), await json.arrpop("k", ".a", 1), await json.arrpop("k", ".a")) == (
        {"y": 1}, "x", [2],
    )  # fmt: skip
    assert (await json.arrtrim("k", "$.*", 1, 1), await json.arrtrim("k", ".b", 5, 9)) == ([1, 1, None], 0)
    await json.set("k", "$", [1, 2])
    assert [await json.arrpop("k", None), await json.arrpop("k", index=None), await json.arrpop("k")] == [2, 1, None]
    assert await json.arrpop("k", "$") == [None]
    for call in (
        lambda: json.arrappend("none", ".a", 1),
        lambda: json.arrlen("none", "$"),
        lambda: json.arrlen("k", ".x"),
    ):
        with pytest.raises(ResponseError, match="exist"):
            await call()


async def test_objects_and_text(db: Database[bytes], db_str: Database[str]) -> None:
    json = db.json()
    await json.set("k", "$", {"a": {"x": 1, "ä": 2}, "b": "text"})
    assert await json.objkeys("k") == await db_str.json().objkeys("k") == ["a", "b"]
    assert (await json.objkeys("k", "$.*"), await json.objkeys("k", "$.c")) == ([["x", "ä"], None], [])
    assert (await json.objlen("k"), await json.objlen("k", "$.*"), await json.objlen("none")) == (2, [2, None], None)
    assert (await json.strappend("k", "ä", ".b"), await json.strappend("k", "x", "$.*")) == (6, [None, 7])
    assert (await json.strlen("k", ".b"), await json.strlen("k", "$.*"), await json.strlen("none")) == (
        7,
        [None, 7],
        None,
    )
    await json.set("s", "$", "text")
    assert (await json.strappend("s", "!"), await json.strlen("s"), await json.objkeys("none")) == (5, 5, None)


async def test_calculating(db: Database[bytes]) -> None:
    json = db.json()
    await json.set("k", "$", {"a": 1, "b": "x", "c": {"a": 2.5}})
    assert await json.numincrby("k", "$..a", 2) == [3, 4.5]
    assert await json.numincrby("k", "$.*", 1) == [4, None, None]
    assert (await json.numincrby("k", ".a", -1), await json.nummultby("k", ".c.a", 2)) == (3, 9.0)
    assert await json.nummultby("k", "$.none", 2) == []
    assert isinstance(await json.numincrby("k", ".a", 1), int)
    await json.set("big", "$", 1e308)
    with pytest.raises(ResponseError, match="not a number"):
        await json.nummultby("big", "$", 10)


async def test_an_old_path_gives_the_last_number(db: Database[bytes], protocol: int) -> None:
    json = db.json()
    await json.set("k", "$", {"a": 1, "o": {"a": 5}, "p": {"a": "text"}})
    assert (await json.numincrby("k", "..a", 1), await json.nummultby("k", "..a", 2)) == (6, 12)
    assert await json.get("k", "$..a") == [4, 12, "text"]
    for path in (".p.a", ".none"):
        if protocol == 2:
            with pytest.raises(ResponseError, match="does not"):
                await json.numincrby("k", path, 1)
        else:
            assert await json.numincrby("k", path, 1) is None


async def test_turning_over_clearing_and_deleting(db: Database[bytes]) -> None:
    json = db.json()
    await json.set("k", "$", ALL)
    assert (await json.toggle("k", ".t"), await json.toggle("k", "$.t"), await json.toggle("k", "$.i")) == (
        False,
        [1],
        [None],
    )
    with pytest.raises(ResponseError, match="not a bool"):
        await json.toggle("k", ".i")
    assert (await json.clear("k", "$.a"), await json.clear("k", "$.*"), await json.clear("k", "$.none")) == (1, 3, 0)
    assert await json.get("k", "$.i", "$.a", "$.o", "$.s") == {"$.i": [0], "$.a": [[]], "$.o": [{}], "$.s": ["ä"]}
    assert (await json.delete("k", "$.i"), await json.delete("k", "$.i"), await json.forget("k", "$.*")) == (1, 0, 6)
    assert (await json.clear("k"), await json.delete("k", None), await json.delete("k"), await json.forget("k")) == (
        0,
        1,
        0,
        0,
    )
    assert await db.exists("k") == 0
