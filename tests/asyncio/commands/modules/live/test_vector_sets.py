"""Vector sets, on Redis 8."""

from __future__ import annotations

import struct

import pytest

from multiplexer.asyncio import Database
from multiplexer.embedded import ServerProcess
from multiplexer.errors import ResponseError, WrongTypeError
from tests.servers import Shared
from tests.servers.redis8 import require_redis_8


@pytest.fixture
def modules(shared_with_modules: Shared[ServerProcess]) -> ServerProcess:
    """Redis 8 in the place of Redis Stack."""
    require_redis_8()
    server = shared_with_modules("redis8")
    server.command("FLUSHALL")
    return server


async def test_elements(db: Database[bytes], db_str: Database[str]) -> None:
    vectors = db.vset()
    assert (await vectors.vadd("k", [1, 0], "x"), await vectors.vadd("k", [1, 0], "x")) == (True, False)
    assert await vectors.vadd("k", [0, 1.5], "y", attributes={"a": 1}, ef=10) is True
    assert (
        await vectors.vadd("k", struct.pack("<2f", -1, -1), b"\xff", cas=True, quantization="Q8", numlinks=16) is True
    )
    assert (await vectors.vcard("k"), await vectors.vcard("none"), await vectors.vdim("k")) == (3, 0, 2)
    assert [await vectors.vismember(*each) for each in (("k", b"\xff"), ("k", "z"), ("none", "x"))] == [
        True,
        False,
        False,
    ]
    assert (await vectors.vrandmember("none"), await vectors.vrandmember("none", 2)) == (None, [])
    assert sorted(await vectors.vrandmember("k", 5)) == [b"x", b"y", b"\xff"]
    assert len(await vectors.vrandmember("k", -7)) == 7
    assert (await vectors.vrem("k", b"\xff"), await vectors.vrem("k", b"\xff"), await vectors.vrem("none", "x")) == (
        True, False, False,
    )  # fmt: skip
    assert await db_str.vset().vrandmember("k") in {"x", "y"}
    info = await vectors.vinfo("k")
    assert info is not None
    assert (info["quant-type"], info["vector-dim"], info["size"], info["attributes-count"]) == ("int8", 2, 2, 1)
    assert await vectors.vinfo("none") is None
    with pytest.raises(ResponseError, match="dimension"):
        await vectors.vadd("k", [1, 2, 3], "z")
    with pytest.raises(ResponseError, match="does not exist"):
        await vectors.vdim("none")
    await db.set("text", "x")
    with pytest.raises(WrongTypeError):
        await vectors.vcard("text")


async def test_vectors_of_elements(db: Database[bytes]) -> None:
    vectors = db.vset()
    await vectors.vadd("q8", [3, -4], "x")
    await vectors.vadd("exact", [1, 2, 3], "x", quantization="NOQUANT")
    await vectors.vadd("bits", [1, -2], "x", quantization="BIN")
    await vectors.vadd("reduced", [1, 2, 3], "x", reduce_dim=2)
    assert await vectors.vemb("q8", "x") == pytest.approx([3, -4], abs=0.05)
    assert (await vectors.vemb("exact", "x"), await vectors.vemb("bits", "x")) == (
        pytest.approx([1, 2, 3]),
        [1.0, -1.0],
    )
    assert (await vectors.vdim("reduced"), len(await vectors.vemb("reduced", "x"))) == (2, 2)
    raw = await vectors.vemb("q8", "x", raw=True)
    assert (raw["quantization"], len(raw["raw"]), raw["l2"]) == ("int8", 2, pytest.approx(5.0))
    exact = await vectors.vemb("exact", "x", raw=True)
    assert (exact["quantization"], exact["l2"]) == ("f32", pytest.approx(14**0.5))
    assert struct.unpack("<3f", exact["raw"]) == pytest.approx([each / 14**0.5 for each in (1, 2, 3)])
    assert (await vectors.vemb("none", "x"), await vectors.vemb("exact", "none")) == (None, None)


async def test_what_is_near(db: Database[bytes], db_str: Database[str]) -> None:
    vectors = db.vset()
    await vectors.vadd("k", [1, 0], "x")
    await vectors.vadd("k", [0, 1], "y", attributes={"a": 1})
    assert (await vectors.vsim("k", "x"), await db_str.vset().vsim("k", [1, 0], count=1)) == ([b"x", b"y"], ["x"])
    assert await vectors.vsim("k", struct.pack("<2f", 0, 1), count=1) == [b"y"]
    assert await vectors.vsim("k", [1, 0], with_scores=True) == {b"x": 1.0, b"y": 0.5}
    assert await db_str.vset().vsim("k", "x", with_attribs=True) == {"x": None, "y": {"a": 1}}
    assert await vectors.vsim("k", "x", with_scores=True, with_attribs=True, filter=".a==1") == {
        b"y": {"score": 0.5, "attributes": {"a": 1}}
    }
    assert await vectors.vsim("k", "x", ef=50, filter_ef=10, truth=True, no_thread=True, epsilon=0.2) == [b"x"]
    assert (await vectors.vsim("none", "x"), await vectors.vlinks("none", "x")) == ([], None)
    # Chance decides of how many layers an element is; all are in the last one.
    links, scores = await vectors.vlinks("k", "x"), await vectors.vlinks("k", "x", with_scores=True)
    assert (links[-1], scores[-1]) == ([b"y"], {b"y": 0.5})
    for call in (lambda: vectors.vsim("k", "none"), lambda: vectors.vsim("k", "x", filter="(((")):
        with pytest.raises(ResponseError):
            await call()


async def test_attributes(db: Database[bytes]) -> None:
    vectors = db.vset()
    await vectors.vadd("k", [1, 0], "x")
    assert (await vectors.vgetattr("k", "x"), await vectors.vgetattr("none", "x")) == (None, None)
    assert (await vectors.vsetattr("k", "x", {"ä": [1, None]}), await vectors.vgetattr("k", "x")) == (
        True,
        {"ä": [1, None]},
    )
    assert (await vectors.vsetattr("k", "none", {"a": 1}), await vectors.vsetattr("k", "x", "{}")) == (False, True)
