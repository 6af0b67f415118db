"""Commands on sorted sets, against real servers."""

from __future__ import annotations

import math
from typing import Any

import pytest

from multiplexer.errors import DataError, WrongTypeError

from .requirements import requires

ranks_with_scores = requires(valkey=(8, 0), redis=(7, 2))
NAN = float("nan")


async def test_zadd(db: Any) -> None:
    assert await db.zadd("z", {"a": 1, b"b": 2.5, 3: "-inf"}) == 3
    assert await db.zadd("z", {"a": 7, "c": 1}) == 1
    assert await db.zrange("z", 0, -1, withscores=True) == [(b"3", -math.inf), (b"c", 1.0), (b"b", 2.5), (b"a", 7.0)]


async def test_zadd_under_conditions(db: Any) -> None:
    await db.zadd("z", {"a": 5})
    assert await db.zadd("z", {"a": 6, "b": 1}, nx=True) == 1
    assert await db.zscore("z", "a") == 5.0
    assert await db.zadd("z", {"a": 6, "c": 1}, xx=True) == 0
    assert await db.zadd("z", {"a": 7, "c": 1}, xx=True, ch=True) == 1
    assert await db.zscore("z", "c") is None
    assert await db.zadd("z", {"a": 1}, gt=True, ch=True) == 0
    assert await db.zadd("z", {"a": 9}, gt=True, ch=True) == 1
    assert await db.zadd("z", {"a": 10}, lt=True, ch=True) == 0
    assert await db.zadd("z", {"a": 2}, xx=True, lt=True, ch=True) == 1
    assert await db.zscore("z", "a") == 2.0


async def test_zadd_that_adds_up(db: Any) -> None:
    assert await db.zadd("z", {"a": 1.5}, incr=True) == 1.5
    assert await db.zadd("z", {"a": 2}, incr=True) == 3.5
    assert await db.zadd("z", {"a": 2}, nx=True, incr=True) is None
    assert await db.zadd("z", {"b": 2}, xx=True, incr=True) is None


async def test_scores_survive_the_way_there_and_back(db: Any) -> None:
    values = [0.1, 1 / 3, 1e300, -1e-300, 123456789.123456789, 2.0**53, 5e-324]
    await db.zadd("z", {str(position): value for position, value in enumerate(values)})
    assert await db.zmscore("z", [str(position) for position in range(len(values))]) == values
    assert dict(await db.zrange("z", 0, -1, withscores=True)) == {
        b"%d" % position: value for position, value in enumerate(values)
    }


async def test_text_handle(db_str: Any) -> None:
    await db_str.zadd("z", {"ä": 1, "b": 2})
    assert await db_str.zrange("z", 0, -1) == ["ä", "b"]
    assert await db_str.zrange("z", 0, -1, withscores=True) == [("ä", 1.0), ("b", 2.0)]
    assert await db_str.zscan("z") == (0, [("ä", 1.0), ("b", 2.0)])
    assert await db_str.zdiff(["z"], withscores=True) == [("ä", 1.0), ("b", 2.0)]
    assert await db_str.zmpop(1, ["z"], max=True) == ("z", [("b", 2.0)])
    assert await db_str.zpopmin("z") == [("ä", 1.0)]


async def test_zincrby(db: Any) -> None:
    assert await db.zincrby("z", 2, "a") == 2.0
    assert await db.zincrby("z", -0.5, "a") == 1.5


async def test_zrem(db: Any) -> None:
    await db.zadd("z", {"a": 1, "b": 2, "c": 3})
    assert await db.zrem("z", "a", "c", "nothing") == 2
    assert await db.zrange("z", 0, -1) == [b"b"]


async def test_zremrangebyrank(db: Any) -> None:
    await db.zadd("z", {"a": 1, "b": 2, "c": 3})
    assert await db.zremrangebyrank("z", 1, -1) == 2
    assert await db.zrange("z", 0, -1) == [b"a"]


async def test_zremrangebyscore(db: Any) -> None:
    await db.zadd("z", {"a": 1, "b": 2, "c": 3})
    assert await db.zremrangebyscore("z", "(1", 2.5) == 1
    assert await db.zremrangebyscore("z", -math.inf, math.inf) == 2


async def test_zremrangebylex(db: Any) -> None:
    await db.zadd("z", {"a": 0, "b": 0, "c": 0})
    assert await db.zremrangebylex("z", "[a", "(c") == 2
    assert await db.zrange("z", 0, -1) == [b"c"]


async def test_zpopmin_and_zpopmax(db: Any) -> None:
    await db.zadd("z", {"a": 1, "b": 2, "c": 3, "d": 4, "e": 5})
    assert await db.zpopmin("z") == [(b"a", 1.0)]
    assert await db.zpopmax("z") == [(b"e", 5.0)]
    assert await db.zpopmin("z", 2) == [(b"b", 2.0), (b"c", 3.0)]
    assert await db.zpopmax("z", 1) == [(b"d", 4.0)]
    assert await db.zpopmin("z") == []
    assert await db.zpopmax("z", 3) == []
    assert await db.zpopmin("z", 0) == []


async def test_zmpop(db: Any) -> None:
    await db.zadd("{z}2", {"a": 1, "b": 2, "c": 3})
    assert await db.zmpop(2, ["{z}1", "{z}2"], min=True) == (b"{z}2", [(b"a", 1.0)])
    assert await db.zmpop(2, ["{z}1", "{z}2"], max=True, count=5) == (b"{z}2", [(b"c", 3.0), (b"b", 2.0)])
    assert await db.zmpop(2, ["{z}1", "{z}2"], min=True) is None


async def test_counting(db: Any) -> None:
    assert await db.zcard("z") == 0
    await db.zadd("z", {"a": 1, "b": 2, "c": 3})
    assert await db.zcard("z") == 3
    assert await db.zcount("z", 2, "+inf") == 2
    assert await db.zcount("z", "(1", "(3") == 1
    await db.zadd("l", {"a": 0, "b": 0, "c": 0})
    assert await db.zlexcount("l", "-", "+") == 3
    assert await db.zlexcount("l", "(a", "[b") == 1


async def test_zscore_and_zmscore(db: Any) -> None:
    await db.zadd("z", {"a": 1.5, "b": "inf"})
    assert await db.zscore("z", "a") == 1.5
    assert await db.zscore("z", "nothing") is None
    assert await db.zscore("nothing", "a") is None
    assert await db.zmscore("z", ["a", "nothing", "b"]) == [1.5, None, math.inf]


async def test_zrank_and_zrevrank(db: Any) -> None:
    await db.zadd("z", {"a": 1, "b": 2, "c": 3})
    assert await db.zrank("z", "a") == 0
    assert await db.zrevrank("z", "a") == 2
    assert await db.zrank("z", "nothing") is None
    assert await db.zrevrank("z", "nothing") is None


@ranks_with_scores
async def test_ranks_with_scores(db: Any) -> None:
    await db.zadd("z", {"a": 1, "b": 2.5})
    assert await db.zrank("z", "b", withscore=True) == [1, 2.5]
    assert await db.zrevrank("z", "b", withscore=True) == [0, 2.5]
    assert await db.zrank("z", "b", withscore=True, score_cast_func=int) == [1, 2]
    assert await db.zrank("z", "nothing", withscore=True) is None
    assert await db.zrevrank("z", "nothing", withscore=True) is None


async def test_zrange_by_rank(db: Any) -> None:
    assert await db.zrange("z", 0, -1) == []
    assert await db.zrange("z", 0, -1, withscores=True) == []
    await db.zadd("z", {"a": 1, "b": 2, "c": 3})
    assert await db.zrange("z", 0, -1) == [b"a", b"b", b"c"]
    assert await db.zrange("z", 0, 1, desc=True) == [b"c", b"b"]
    assert await db.zrange("z", 0, 1, True, True) == [(b"c", 3.0), (b"b", 2.0)]
    assert await db.zrange("z", -2, -1, withscores=True) == [(b"b", 2.0), (b"c", 3.0)]
    assert await db.zrange("z", 0, 0, withscores=True, score_cast_func=str) == [(b"a", "1.0")]


async def test_zrange_by_score(db: Any) -> None:
    await db.zadd("z", {"a": 1, "b": 2, "c": 3, "d": 4})
    assert await db.zrange("z", 2, 3, byscore=True) == [b"b", b"c"]
    assert await db.zrange("z", "(1", "+inf", byscore=True, withscores=True) == [(b"b", 2.0), (b"c", 3.0), (b"d", 4.0)]
    assert await db.zrange("z", "+inf", "-inf", desc=True, byscore=True, offset=1, num=2) == [b"c", b"b"]
    assert await db.zrange("z", 1, 4, byscore=True, offset=2, num=-1) == [b"c", b"d"]


async def test_zrange_by_name(db: Any) -> None:
    await db.zadd("z", {"a": 0, "b": 0, "c": 0})
    assert await db.zrange("z", "[a", "(c", bylex=True) == [b"a", b"b"]
    assert await db.zrange("z", "+", "-", desc=True, bylex=True, offset=0, num=2) == [b"c", b"b"]


async def test_zrange_of_many(db: Any) -> None:
    await db.zadd("z", {f"member-{number:04}": number / 8 for number in range(1000)})
    found = await db.zrange("z", 0, -1, withscores=True)
    assert found == [(b"member-%04d" % number, number / 8) for number in range(1000)]


async def test_zrangestore(db: Any) -> None:
    await db.zadd("{z}1", {"a": 1, "b": 2, "c": 3})
    assert await db.zrangestore("{z}2", "{z}1", 0, 1) == 2
    assert await db.zrange("{z}2", 0, -1, withscores=True) == [(b"a", 1.0), (b"b", 2.0)]
    assert await db.zrangestore("{z}2", "{z}1", 3, 1, byscore=True, desc=True, offset=0, num=1) == 1
    assert await db.zrange("{z}2", 0, -1) == [b"c"]


async def test_zrevrange(db: Any) -> None:
    await db.zadd("z", {"a": 1, "b": 2})
    assert await db.zrevrange("z", 0, -1) == [b"b", b"a"]
    assert await db.zrevrange("z", 0, -1, True) == [(b"b", 2.0), (b"a", 1.0)]
    assert await db.zrevrange("z", 0, 0, withscores=True, score_cast_func=int) == [(b"b", 2)]


async def test_zrangebyscore_and_zrevrangebyscore(db: Any) -> None:
    await db.zadd("z", {"a": 1, "b": 2, "c": 3})
    assert await db.zrangebyscore("z", 2, "+inf") == [b"b", b"c"]
    assert await db.zrangebyscore("z", "-inf", 3, start=1, num=1, withscores=True) == [(b"b", 2.0)]
    assert await db.zrangebyscore("z", 1, 1, withscores=True, score_cast_func=int) == [(b"a", 1)]
    assert await db.zrevrangebyscore("z", 3, "(1") == [b"c", b"b"]
    assert await db.zrevrangebyscore("z", 3, 1, start=0, num=2, withscores=True) == [(b"c", 3.0), (b"b", 2.0)]


async def test_zrangebylex_and_zrevrangebylex(db: Any) -> None:
    await db.zadd("z", {"a": 0, "b": 0, "c": 0})
    assert await db.zrangebylex("z", "-", "[b") == [b"a", b"b"]
    assert await db.zrangebylex("z", "-", "+", start=1, num=1) == [b"b"]
    assert await db.zrevrangebylex("z", "(c", "-") == [b"b", b"a"]
    assert await db.zrevrangebylex("z", "+", "-", start=0, num=1) == [b"c"]


async def test_zrandmember(db: Any) -> None:
    assert await db.zrandmember("z") is None
    assert await db.zrandmember("z", 2) == []
    assert await db.zrandmember("z", 2, withscores=True) == []
    await db.zadd("z", {"a": 1, "b": 2})
    assert await db.zrandmember("z") in (b"a", b"b")
    assert sorted(await db.zrandmember("z", 9)) == [b"a", b"b"]
    assert sorted(await db.zrandmember("z", 9, withscores=True)) == [(b"a", 1.0), (b"b", 2.0)]
    assert len(await db.zrandmember("z", -9, withscores=True)) == 9


async def test_zunion(db: Any) -> None:
    await db.zadd("{z}1", {"a": 1, "b": 2})
    await db.zadd("{z}2", {"b": 10, "c": 20})
    both = ["{z}1", "{z}2"]
    assert await db.zunion(both) == [b"a", b"b", b"c"]
    assert await db.zunion(both, withscores=True) == [(b"a", 1.0), (b"b", 12.0), (b"c", 20.0)]
    assert await db.zunion(both, aggregate="max", withscores=True) == [(b"a", 1.0), (b"b", 10.0), (b"c", 20.0)]
    assert await db.zunion({"{z}1": 2, "{z}2": 0.5}, withscores=True) == [(b"a", 2.0), (b"b", 9.0), (b"c", 10.0)]
    assert await db.zunion(["{z}1"], withscores=True, score_cast_func=int) == [(b"a", 1), (b"b", 2)]
    assert await db.zunion("{z}1") == [b"a", b"b"]


async def test_zinter(db: Any) -> None:
    await db.zadd("{z}1", {"a": 1, "b": 2})
    await db.zadd("{z}2", {"b": 10, "c": 20})
    both = ["{z}1", "{z}2"]
    assert await db.zinter(both) == [b"b"]
    assert await db.zinter(both, withscores=True) == [(b"b", 12.0)]
    assert await db.zinter(both, aggregate="MIN", withscores=True) == [(b"b", 2.0)]
    assert await db.zinter({"{z}1": 1, "{z}2": 3}, "SUM", True) == [(b"b", 32.0)]


async def test_zdiff(db: Any) -> None:
    await db.zadd("{z}1", {"a": 1, "b": 2})
    await db.zadd("{z}2", {"b": 10, "c": 20})
    assert await db.zdiff(["{z}1", "{z}2"]) == [b"a"]
    assert await db.zdiff(["{z}1", "{z}2"], withscores=True) == [(b"a", 1.0)]
    assert await db.zdiff(["{z}1", "{z}1"], withscores=True) == []


async def test_storing_what_is_joined(db: Any) -> None:
    await db.zadd("{z}1", {"a": 1, "b": 2})
    await db.zadd("{z}2", {"b": 10, "c": 20})
    both = ["{z}1", "{z}2"]
    assert await db.zunionstore("{z}3", {"{z}1": 1, "{z}2": 2}, aggregate="SUM") == 3
    assert await db.zrange("{z}3", 0, -1, withscores=True) == [(b"a", 1.0), (b"b", 22.0), (b"c", 40.0)]
    assert await db.zinterstore("{z}3", both, aggregate="MAX") == 1
    assert await db.zrange("{z}3", 0, -1, withscores=True) == [(b"b", 10.0)]
    assert await db.zdiffstore("{z}3", both) == 1
    assert await db.zrange("{z}3", 0, -1, withscores=True) == [(b"a", 1.0)]


async def test_zintercard(db: Any) -> None:
    await db.zadd("{z}1", {"a": 1, "b": 2, "c": 3})
    await db.zadd("{z}2", {"a": 1, "b": 2})
    assert await db.zintercard(2, ["{z}1", "{z}2"]) == 2
    assert await db.zintercard(2, ["{z}1", "{z}2"], limit=1) == 1


async def test_zscan(db: Any) -> None:
    assert await db.zscan("z") == (0, [])
    await db.zadd("z", {"a1": 1.5, "a2": 2, "b1": 3})
    assert await db.zscan("z", match="a*") == (0, [(b"a1", 1.5), (b"a2", 2.0)])
    assert await db.zscan("z", match="b*", score_cast_func=int) == (0, [(b"b1", 3)])


async def test_zscan_iter(db: Any) -> None:
    members = {b"member-%d" % number: number / 8 for number in range(700)}
    await db.zadd("z", members)
    cursor, _ = await db.zscan("z", count=50)
    assert cursor != 0
    assert dict([pair async for pair in db.zscan_iter("z", count=50)]) == members
    assert [pair async for pair in db.zscan_iter("z", match="*-8", score_cast_func=int)] == [(b"member-8", 1)]
    assert [pair async for pair in db.zscan_iter("nothing")] == []


async def test_wrong_kind_of_value(db: Any) -> None:
    await db.set("s", "text")
    with pytest.raises(WrongTypeError):
        await db.zrange("s", 0, -1, withscores=True)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda db: db.zadd("z", {}), "ZADD: mapping"),
        (lambda db: db.zadd("z", {"a": NAN}), "ZADD: a score"),
        (lambda db: db.zadd("z", {"a": 1}, nx=True, xx=True), "ZADD: nx and xx"),
        (lambda db: db.zadd("z", {"a": 1}, nx=True, gt=True), "ZADD: nx and gt"),
        (lambda db: db.zadd("z", {"a": 1}, gt=True, lt=True), "ZADD: gt and lt"),
        (lambda db: db.zadd("z", {"a": 1, "b": 2}, incr=True), "ZADD: incr"),
        (lambda db: db.zadd("z", {}, incr=True), "ZADD: incr"),
        (lambda db: db.zincrby("z", NAN, "a"), "ZINCRBY: amount"),
        (lambda db: db.zrem("z"), "ZREM: values"),
        (lambda db: db.zremrangebyscore("z", NAN, 1), "ZREMRANGEBYSCORE: min"),
        (lambda db: db.zpopmin("z", -1), "ZPOPMIN: count"),
        (lambda db: db.zpopmax("z", -1), "ZPOPMAX: count"),
        (lambda db: db.zmpop(1, ["z"]), "ZMPOP: one of min and max"),
        (lambda db: db.zmpop(1, ["z"], min=True, max=True), "ZMPOP: one of min and max"),
        (lambda db: db.zmpop(2, ["z"], min=True), "ZMPOP: num_keys"),
        (lambda db: db.zmpop(0, [], min=True), "ZMPOP: keys"),
        (lambda db: db.zmpop(1, ["z"], min=True, count=0), "ZMPOP: count"),
        (lambda db: db.zcount("z", 1, NAN), "ZCOUNT: max"),
        (lambda db: db.zmscore("z", []), "ZMSCORE: members"),
        (lambda db: db.zrange("z", 0, -1, byscore=True, bylex=True), "ZRANGE: byscore and bylex"),
        (lambda db: db.zrange("z", "-", "+", bylex=True, withscores=True), "ZRANGE: withscores and bylex"),
        (lambda db: db.zrange("z", 0, 1, byscore=True, num=1), "ZRANGE: offset and num must be given together"),
        (lambda db: db.zrange("z", 0, 1, offset=0, num=1), "ZRANGE: offset and num need"),
        (lambda db: db.zrange("z", 0, 1, byscore=True, offset=-1, num=1), "ZRANGE: offset must not be negative"),
        (lambda db: db.zrange("z", NAN, 1, byscore=True), "ZRANGE: start"),
        (lambda db: db.zrangestore("d", "z", 0, 1, byscore=True, bylex=True), "ZRANGESTORE: byscore and bylex"),
        (lambda db: db.zrangebyscore("z", NAN, 1), "ZRANGEBYSCORE: min"),
        (lambda db: db.zrangebyscore("z", 0, 1, start=1), "ZRANGEBYSCORE: start and num"),
        (lambda db: db.zrevrangebyscore("z", 1, 0, num=1), "ZREVRANGEBYSCORE: start and num"),
        (lambda db: db.zrangebylex("z", "-", "+", start=1), "ZRANGEBYLEX: start and num"),
        (lambda db: db.zrevrangebylex("z", "+", "-", start=-1, num=1), "ZREVRANGEBYLEX: start"),
        (lambda db: db.zrandmember("z", withscores=True), "ZRANDMEMBER: withscores"),
        (lambda db: db.zunion([]), "ZUNION: keys"),
        (lambda db: db.zunion({}), "ZUNION: keys"),
        (lambda db: db.zunion(["z"], aggregate="mean"), "ZUNION: aggregate"),
        (lambda db: db.zinter({"z": NAN}), "ZINTER: weight"),
        (lambda db: db.zdiff([]), "ZDIFF: keys"),
        (lambda db: db.zunionstore("d", []), "ZUNIONSTORE: keys"),
        (lambda db: db.zinterstore("d", ["z"], aggregate="x"), "ZINTERSTORE: aggregate"),
        (lambda db: db.zdiffstore("d", []), "ZDIFFSTORE: keys"),
        (lambda db: db.zintercard(2, ["z"]), "ZINTERCARD: numkeys"),
        (lambda db: db.zintercard(1, ["z"], limit=-1), "ZINTERCARD: limit"),
        (lambda db: db.zscan("z", count=0), "ZSCAN: count"),
    ],
)
async def test_bad_input_is_refused_at_once(db: Any, call: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        call(db)


async def test_scan_with_a_bad_count_raises_when_it_starts(db: Any) -> None:
    with pytest.raises(DataError, match="ZSCAN: count"):
        [pair async for pair in db.zscan_iter("z", count=0)]


@requires(valkey=(9, 1), redis=None)
async def test_scanning_members_alone(db: Any) -> None:
    members = {f"member-{number}".encode(): number for number in range(500)}
    await db.zadd("z", members)
    cursor, page = await db.zscan("z", count=10, no_scores=True)
    assert cursor
    assert set(page) < set(members)
    assert {member async for member in db.zscan_iter("z", no_scores=True)} == set(members)
