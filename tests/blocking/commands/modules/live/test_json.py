# Generated from tests/asyncio/commands/modules/live/test_json.py by scripts/generate_blocking.py; change that file instead.
"""JSON documents, on Redis Stack."""

from __future__ import annotations

from json import JSONDecodeError
from pathlib import Path

import pytest

from multiplexer.blocking import Database
from multiplexer.errors import ResponseError

#: A value of each type, and some in an object.
ALL = {"s": "ä", "i": 5, "f": 1.5, "t": True, "n": None, "a": [1, 2.5, None, "x"], "o": {"i": 7, "t": False}}


def test_values_come_back_as_they_were(db: Database[bytes]) -> None:
    json = db.json()
    assert json.set("k", "$", ALL) is True
    assert json.get("k") == json.jsonget("k", no_escape=True) == ALL
    assert json.get("k", "$") == [ALL]
    assert json.get("k", "$.a", "$.o.i") == {"$.a": [ALL["a"]], "$.o.i": [7]}
    assert json.get("k", ".a", ".i") == {".a": ALL["a"], ".i": 5}
    assert (json.get("k", "$..i"), json.get("k", "$.none"), json.get("none")) == ([5, 7], [], None)
    with pytest.raises(ResponseError, match="does not exist"):
        json.get("k", ".none")
    awkward = {"k\u00e9y\n": '\U0001f600 \x00 " \\ /', "": []}
    assert json.jsonset(b"\xff\x00", "$", awkward) is True
    assert json.get(b"\xff\x00") == awkward
    with pytest.raises(ResponseError):
        json.set("k", "$", "\ud800")  # half a character, which JSON can write and the server does not take


@pytest.mark.parametrize("number", [2**63 - 1, -(2**63), 2**64 - 1, 10.0**30, 5e-324, 0.1])
def test_numbers_come_back_as_they_were(db: Database[bytes], number: float) -> None:
    db.json().set("k", "$", number)
    assert db.json().get("k", "$") == [number]


def test_setting_on_conditions(db: Database[bytes]) -> None:
    json = db.json()
    assert json.set("k", "$", {b"a": 1}, xx=True, decode_keys=True) is None
    assert json.set("k", "$", {b"a": 1}, nx=True, decode_keys=True) is True
    assert (json.set("k", "$", 2, nx=True), json.set("k", "$.a", 3, xx=True)) == (None, True)
    assert json.set("k", "$.a.b", 4) is None  # a number has nothing in it
    with pytest.raises(ResponseError, match="root"):
        json.set("new", ".a", 1)


def test_several_documents(db: Database[bytes]) -> None:
    json = db.json()
    assert json.mset([("a", "$", {"x": 1}), ("b", "$", [1])]) is True
    assert json.mset([("a", "$.y", None), ("b", "$[0]", 5)]) is True
    db.set("no document", "1")
    keys = ["a", "b", "none", "no document"]
    assert json.mget(keys, "$") == [[{"x": 1, "y": None}], [[5]], None, None]
    assert json.jsonmget(["a", "none"], ".x") == [1, None]
    assert json.mget(["a"], "$..none") == [[]]
    assert json.merge("a", "$", {"y": {"z": 1}, "x": None}) is True
    assert json.merge("new", "$", {"x": 1}) is True
    assert json.mget(["a", "new"], ".") == [{"y": {"z": 1}}, {"x": 1}]
    with pytest.raises(ResponseError, match="wrong Redis type"):
        json.get("no document")


def test_files(db: Database[bytes], tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"a": "ä"}', encoding="utf-8")
    (tmp_path / "b.json").write_text("{")
    assert db.json().set_path("$", str(tmp_path)) == {
        str(tmp_path / "a.json"): True,
        str(tmp_path / "b.json"): False,
    }
    assert db.json().get(str(tmp_path / "a")) == {"a": "ä"}
    assert db.json().set_file("k", "$", str(tmp_path / "a.json"), nx=True) is True
    with pytest.raises(JSONDecodeError):
        db.json().set_file("k", "$", str(tmp_path / "b.json"))


def test_types(db: Database[bytes], db_str: Database[str]) -> None:
    db.json().set("k", "$", ALL)
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
        assert db_str.json().type("k", path) == names, path
    assert db.json().type("k", "$.i") == [b"integer"]
    assert (db.json().type("none"), db.json().type("none", "$")) == (None, None)


def test_in_the_protocol_s_own_types(db: Database[bytes]) -> None:
    json = db.json()
    json.set("k", "$", ALL)
    shown = ["{", "s", "ä", "i", 5, "f", "1.5", "t", "true", "n", None, "a", ["[", 1, "2.5", None, "x"]]
    shown += ["o", ["{", "i", 7, "t", "false"]]
    assert (json.resp("k"), json.resp("k", "$")) == (shown, [shown])
    assert (json.resp("k", ".f"), json.resp("k", "$.t")) == ("1.5", ["true"])
    assert (json.resp("none"), json.resp("k", "$.none")) == (None, [])


def test_memory(db: Database[bytes]) -> None:
    json = db.json()
    json.set("k", "$", ALL)
    assert json.debug("MEMORY", "k") > json.debug("memory", "k", ".o") > 0
    assert len(json.debug("MEMORY", "k", "$.*")) == len(ALL)
    assert (json.debug("MEMORY", "none"), json.debug("MEMORY", "k", "$.none")) == (0, [])
    assert any("MEMORY <key>" in line for line in json.debug("HELP"))


def test_arrays(db: Database[bytes]) -> None:
    json = db.json()
    json.set("k", "$", {"a": [1], "b": [], "c": "no array"})
    assert json.arrappend("k", "$.*", "x", None, [2]) == [4, 3, None]
    assert json.arrappend("k", ".a", 1) == 5
    assert json.arrindex("k", "$.*", 1) == [0, -1, None]
    assert (json.arrindex("k", ".a", 1, 1), json.arrindex("k", ".a", 1, 1, 4)) == (4, -1)
    assert (json.arrindex("k", ".a", None), json.arrindex("k", ".a", "x", 0, 0)) == (2, 1)
    assert json.arrinsert("k", "$.*", 0, {"y": 1}) == [6, 4, None]
    assert json.arrinsert("k", ".b", -1, "z") == 5
    assert (json.arrlen("k", "$.*"), json.arrlen("k", ".a"), json.arrlen("none")) == (
        [6, 5, None],
        6,
        None,
    )
    assert json.get("k", "$.*") == [[{"y": 1}, 1, "x", None, [2], 1], [{"y": 1}, "x", None, "z", [2]], "no array"]
    assert json.arrpop("k", "$.*") == ["1", "[2]", None]
    assert (json.arrpop("k", ".a", 0), json.arrpop("k", ".a", 1), json.arrpop("k", ".a")) == (
        {"y": 1}, "x", [2],
    )  # fmt: skip
    assert (json.arrtrim("k", "$.*", 1, 1), json.arrtrim("k", ".b", 5, 9)) == ([1, 1, None], 0)
    json.set("k", "$", [1, 2])
    assert [json.arrpop("k", None), json.arrpop("k", index=None), json.arrpop("k")] == [2, 1, None]
    assert json.arrpop("k", "$") == [None]
    for call in (
        lambda: json.arrappend("none", ".a", 1),
        lambda: json.arrlen("none", "$"),
        lambda: json.arrlen("k", ".x"),
    ):
        with pytest.raises(ResponseError, match="exist"):
            call()


def test_objects_and_text(db: Database[bytes], db_str: Database[str]) -> None:
    json = db.json()
    json.set("k", "$", {"a": {"x": 1, "ä": 2}, "b": "text"})
    assert json.objkeys("k") == db_str.json().objkeys("k") == ["a", "b"]
    assert (json.objkeys("k", "$.*"), json.objkeys("k", "$.c")) == ([["x", "ä"], None], [])
    assert (json.objlen("k"), json.objlen("k", "$.*"), json.objlen("none")) == (2, [2, None], None)
    assert (json.strappend("k", "ä", ".b"), json.strappend("k", "x", "$.*")) == (6, [None, 7])
    assert (json.strlen("k", ".b"), json.strlen("k", "$.*"), json.strlen("none")) == (
        7,
        [None, 7],
        None,
    )
    json.set("s", "$", "text")
    assert (json.strappend("s", "!"), json.strlen("s"), json.objkeys("none")) == (5, 5, None)


def test_calculating(db: Database[bytes]) -> None:
    json = db.json()
    json.set("k", "$", {"a": 1, "b": "x", "c": {"a": 2.5}})
    assert json.numincrby("k", "$..a", 2) == [3, 4.5]
    assert json.numincrby("k", "$.*", 1) == [4, None, None]
    assert (json.numincrby("k", ".a", -1), json.nummultby("k", ".c.a", 2)) == (3, 9.0)
    assert json.nummultby("k", "$.none", 2) == []
    assert isinstance(json.numincrby("k", ".a", 1), int)
    json.set("big", "$", 1e308)
    with pytest.raises(ResponseError, match="not a number"):
        json.nummultby("big", "$", 10)


def test_an_old_path_gives_the_last_number(db: Database[bytes], protocol: int) -> None:
    json = db.json()
    json.set("k", "$", {"a": 1, "o": {"a": 5}, "p": {"a": "text"}})
    assert (json.numincrby("k", "..a", 1), json.nummultby("k", "..a", 2)) == (6, 12)
    assert json.get("k", "$..a") == [4, 12, "text"]
    for path in (".p.a", ".none"):
        if protocol == 2:
            with pytest.raises(ResponseError, match="does not"):
                json.numincrby("k", path, 1)
        else:
            assert json.numincrby("k", path, 1) is None


def test_turning_over_clearing_and_deleting(db: Database[bytes]) -> None:
    json = db.json()
    json.set("k", "$", ALL)
    assert (json.toggle("k", ".t"), json.toggle("k", "$.t"), json.toggle("k", "$.i")) == (
        False,
        [1],
        [None],
    )
    with pytest.raises(ResponseError, match="not a bool"):
        json.toggle("k", ".i")
    assert (json.clear("k", "$.a"), json.clear("k", "$.*"), json.clear("k", "$.none")) == (1, 3, 0)
    assert json.get("k", "$.i", "$.a", "$.o", "$.s") == {"$.i": [0], "$.a": [[]], "$.o": [{}], "$.s": ["ä"]}
    assert (json.delete("k", "$.i"), json.delete("k", "$.i"), json.forget("k", "$.*")) == (1, 0, 6)
    assert (json.clear("k"), json.delete("k", None), json.delete("k"), json.forget("k")) == (
        0,
        1,
        0,
        0,
    )
    assert db.exists("k") == 0
