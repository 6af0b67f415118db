# Generated from tests/asyncio/compat/test_result_families.py by scripts/generate_blocking.py; change that file instead.
"""Results of clients that name RESP3, and of those that want no legacy responses, as redis-py 8.1 has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from multiplexer.blocking import ConnectionMultiplexer
from multiplexer.compat.blocking.client import Redis
from multiplexer.compat.blocking.cluster import RedisCluster
from multiplexer.compat.blocking.connection import ConnectionPool
from multiplexer.compat.blocking.multidb.client import MultiDBClient
from multiplexer.compat.blocking.multidb.config import DatabaseConfig, MultiDbConfig
from multiplexer.compat.blocking.sentinel import Sentinel
from multiplexer.errors import AuthenticationError, ConfigurationError, DataError
from tests.conftest import Target
from tests.servers import RealCluster, RealServer, SentinelGroup

LIBRARY = "#!lua name=mine\nredis.register_function('f', function(keys, arguments) return 1 end)"
FAMILIES = ["resp3", "unified"]
#: Commands that the shared connection is not to be held up by, not even in a pipeline.
BLOCKING = ("bzpopmax", "BZPOPMIN", "blpop")


class With(dict[str, Any]):
    """Arguments by name, where they stand at the end of a call."""


class Both(tuple[Any, Any]):
    """A result with ``protocol=3``, and one with ``legacy_responses=False``."""

    __slots__ = ()


def both(with_resp3: Any, without_legacy: Any) -> Both:
    return Both((with_resp3, without_legacy))


ENTRY = (b"1-1", {b"f": b"v"})
#: Calls, one after the other, with their results: words for ``execute_command`` where the name is in capitals.
CALLS: list[tuple[tuple[Any, ...], Any]] = [
    (("zadd", "z", {"a": 1, "b": 2.5, "c": 3, "d": 4}), 4),
    (("zadd", "z", {"a": 1}, With(incr=True)), 2.0),
    (("zrange", "z", 0, 1), [b"a", b"b"]),
    (("zrange", "z", 0, 1, With(withscores=True)), [[b"a", 2.0], [b"b", 2.5]]),
    (("zrange", "z", 0, 1, With(withscores=True, score_cast_func=str)), [[b"a", "2.0"], [b"b", "2.5"]]),
    (("ZRANGE", "z", 0, 0, "WITHSCORES", With(withscores=True)), [[b"a", 2.0]]),
    (("zdiff", ["z", "none"], With(withscores=True)), [[b"a", 2.0], [b"b", 2.5], [b"c", 3.0], [b"d", 4.0]]),
    (("zscan", "z", With(match="a")), both((0, [(b"a", 2.0)]), (0, [[b"a", 2.0]]))),
    (("zpopmax", "z"), both([b"d", 4.0], [[b"d", 4.0]])),
    (("zpopmax", "z", 1), [[b"c", 3.0]]),
    (("zpopmin", "none"), []),
    (("zmpop", 1, ["z"], With(min=True)), [b"z", [[b"a", 2.0]]]),
    (("zadd", "zb", {"a": 1, "b": 2.5}), 2),
    (("bzpopmax", "zb", 1), [b"zb", b"b", 2.5]),
    (("BZPOPMIN", "zb", 1), [b"zb", b"a", 1.0]),
    (("rpush", "l", "a"), 1),
    (("blpop", "l", 1), [b"l", b"a"]),
    (("blpop", "l", 0.01), None),
    (("hset", "h", "f", "v"), 1),
    (("hrandfield", "h", 1, With(withvalues=True)), [[b"f", b"v"]]),
    (("hgetall", "h"), {b"f": b"v"}),
    (("smembers", "none"), set()),
    (("xadd", "x", {"f": "v"}, With(id="1-1")), b"1-1"),
    (("xread", {"x": "0"}), both({b"x": [[ENTRY]]}, {b"x": [ENTRY]})),
    (("XREAD", "STREAMS", "x", "0"), both({b"x": [[ENTRY]]}, {b"x": [ENTRY]})),
    (("xread", {"none": "0"}), {}),
    (("xgroup_create", "x", "g", "0"), True),
    (("xreadgroup", "g", "me", {"x": ">"}), both({b"x": [[ENTRY]]}, {b"x": [ENTRY]})),
    (("geoadd", "g", [0, 0, "p"]), 1),
    (("geohash", "g", "p"), both([b"s0000000000"], ["s0000000000"])),
    (("mset", {"l1": "ohmytext", "l2": "mynewtext"}), True),
    (
        ("lcs", "l1", "l2", With(idx=True, minmatchlen=3)),
        both({b"matches": [[[4, 7], [5, 8]]], b"len": 6}, {"matches": [[[4, 7], [5, 8]]], "len": 6}),
    ),
    (("lcs", "l1", "l2"), b"mytext"),
    (("acl_whoami",), both(b"default", "default")),
    (("acl_users",), both([b"default"], ["default"])),
    (("acl_log_reset",), True),
    (("command_getkeys", "GET", "k"), [b"k"]),
    (("config_get", "maxmemory-policy"), {"maxmemory-policy": "noeviction"}),
    (
        ("client_trackinginfo",),
        both(
            {b"flags": [b"off"], b"redirect": -1, b"prefixes": []}, {"flags": ["off"], "redirect": -1, "prefixes": []}
        ),
    ),
    (("function_load", LIBRARY, With(replace=True)), b"mine"),
    (
        ("function_list",),
        [
            {
                b"library_name": b"mine",
                b"engine": b"LUA",
                b"functions": [{b"name": b"f", b"description": None, b"flags": []}],
            }
        ],
    ),
    (("function_delete", "mine"), True),
]


def told(family: str, target: Target) -> dict[str, Any]:
    """Return what clients of a family are told."""
    return {"protocol": 3} if family == "resp3" else {"protocol": target.protocol, "legacy_responses": False}


def expected_of(family: str) -> list[Any]:
    """Return the results of the calls."""
    return [result[family == "unified"] if isinstance(result, Both) else result for _, result in CALLS]


def same(result: Any) -> Any:
    """Return a result as something that is equal only to one of the same types."""
    if isinstance(result, dict):
        return {name: same(value) for name, value in result.items()}
    if isinstance(result, list | tuple):
        return [type(result).__name__, *map(same, result)]
    return type(result).__name__, result


def decoded(result: Any) -> Any:
    """Return a result with text for its bytes."""
    if isinstance(result, dict):
        return {decoded(name): decoded(value) for name, value in result.items()}
    if isinstance(result, list | tuple):
        return type(result)(map(decoded, result))
    return result.decode() if isinstance(result, bytes) else result


def called(client: Any, call: tuple[Any, ...]) -> Any:
    """Make a call."""
    name, *args = call
    options = args.pop() if isinstance(args and args[-1], With) else {}
    return client.execute_command(name, *args, **options) if name.isupper() else getattr(client, name)(*args, **options)


@pytest.fixture(params=FAMILIES)
def family(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def client(server: RealServer, target: Target, multiplexed: bool, family: str) -> Iterator[Redis]:
    """A client of a family, on connections of its own or on the shared one."""
    with Redis(port=server.port, multiplexed=multiplexed, **told(family, target)) as client:
        yield client


@pytest.mark.parametrize("decode_responses", [False, True], ids=["bytes", "text"])
def test_results(
    server: RealServer, target: Target, multiplexed: bool, family: str, decode_responses: bool
) -> None:
    change = decoded if decode_responses else lambda result: result
    with Redis(
        port=server.port, decode_responses=decode_responses, multiplexed=multiplexed, **told(family, target)
    ) as client:
        for (call, _), expected in zip(CALLS, expected_of(family), strict=True):
            assert same(called(client, call)) == same(change(expected)), call


@pytest.mark.parametrize("transaction", [False, True])
def test_pipelines(client: Redis, family: str, transaction: bool) -> None:
    alike = [
        (call, result) for (call, _), result in zip(CALLS, expected_of(family), strict=True) if call[0] not in BLOCKING
    ]
    with client.pipeline(transaction=transaction) as pipe:
        for call, _ in alike:
            assert called(pipe, call) is pipe
        found = pipe.execute()
    assert [same(each) for each in found] == [same(result) for _, result in alike]
    with client.pipeline() as pipe:
        pipe.watch("z")
        client.zadd("z2", {"a": 1})
        assert same(pipe.zrange("z2", 0, -1, withscores=True)) == same([[b"a", 1.0]])
        pipe.multi()
        pipe.zrange("z2", 0, -1, withscores=True)
        assert same(pipe.execute()) == same([[[b"a", 1.0]]])


def test_users(client: Redis, family: str) -> None:
    selectors: Any = [("+get", "%R~b*")]
    client.acl_setuser("chosen", enabled=True, keys=["a*"], selectors=selectors)
    user: Any = client.acl_getuser("chosen")
    (selector,) = user["selectors"]
    assert (user["enabled"], user["flags"][0], user["keys"]) == (True, "on", ["~a*"])
    assert (selector["commands"], selector["keys"]) == ("-@all +get", "%R~b*")
    assert client.acl_deluser("chosen") == 1
    client.acl_log_reset()
    for name in ("acl_cat", "acl_list", "acl_help"):
        assert isinstance(called(client, (name,))[0], bytes if family == "resp3" else str)
    assert isinstance(client.acl_genpass(), bytes if family == "resp3" else str)


def test_users_that_were_refused(server: RealServer, target: Target, family: str) -> None:
    with Redis(port=server.port, single_connection_client=True, **told(family, target)) as client:
        client.acl_log_reset()
        with pytest.raises(AuthenticationError):
            client.auth("wrong", "nobody")
        (denial,) = client.acl_log()
        assert (denial["reason"], denial["username"]) == ("auth", "nobody")
        assert isinstance(denial["age-seconds"], float)
        assert isinstance(denial["client-info"], str if family == "resp3" else dict)
        client.acl_log_reset()


def test_commands(client: Redis, family: str) -> None:
    for command in (client.command(), client.execute_command("COMMAND")):
        get = command["get"]
        assert (get["arity"], get["flags"], get["first_key_pos"]) == (2, {"readonly", "fast"}, 1)
        categories = ["@read", "@string", "@fast"]
        assert get["acl_categories"] == (
            [each.encode() for each in categories] if family == "resp3" else set(categories)
        )


def test_background_saves(own_server: RealServer, target: Target, multiplexed: bool, family: str) -> None:
    with Redis(port=own_server.port, multiplexed=multiplexed, **told(family, target)) as client:
        assert client.bgsave() == b"Background saving started"


def test_who_names_nothing(server: RealServer, target: Target, multiplexed: bool) -> None:
    for named in ({}, {"protocol": 2}):
        with Redis(port=server.port, multiplexed=multiplexed, **named) as client:
            client.zadd("z", {"a": 1})
            assert same(client.zrange("z", 0, -1, withscores=True)) == same([(b"a", 1.0)])


def test_every_way_to_say_it(server: RealServer, multiplexed: bool) -> None:
    url = f"redis://{server.host}:{server.port}?multiplexed={multiplexed}"
    pools = [
        ConnectionPool(host=server.host, port=server.port, protocol=3, multiplexed=multiplexed),
        ConnectionPool.from_url(f"{url}&protocol=3"),
        ConnectionPool.from_url(f"{url}&legacy_responses=no"),
    ]
    clients = [
        *(Redis.from_pool(pool) for pool in pools),
        Redis.from_url(f"{url}&protocol=3"),
        Redis.from_url(url, legacy_responses=False),
        Redis.from_url(url, protocol="3"),
        Redis.from_url(url, protocol="3", single_connection_client=True),
    ]
    for client in clients:
        with client:
            client.zadd("z", {"a": 1})
            assert same(client.zrange("z", 0, -1, withscores=True)) == same([[b"a", 1.0]])
            with client.client() as one:
                assert same(one.zpopmin("z", 1)) == same([[b"a", 1.0]])


def test_over_somebody_elses_multiplexer(server: RealServer, target: Target) -> None:
    with ConnectionMultiplexer.connect(f"{server.host}:{server.port}", protocol=target.protocol) as mux:
        named = [{"legacy_responses": False}, *([{"protocol": 3}] if target.protocol == 3 else [])]
        for options in named:
            with Redis(multiplexer=mux, **options) as client:
                client.zadd("z", {"a": 1})
                assert same(client.zrange("z", 0, -1, withscores=True)) == same([[b"a", 1.0]])
        with Redis(multiplexer=mux) as client:  # whatever the multiplexer was told
            assert same(client.zrange("z", 0, -1, withscores=True)) == same([(b"a", 1.0)])
        with pytest.raises(DataError, match="protocol"):
            Redis(multiplexer=mux, protocol=5 - target.protocol)


def test_callbacks_of_ones_own(client: Redis) -> None:
    client.zadd("z", {"a": 1})
    client.set_response_callback("ZRANGE", lambda reply, **options: len(reply))
    assert client.zrange("z", 0, -1) == 1
    assert client.execute_command("ZRANGE", "z", 0, -1) == 1
    assert same(client.bzpopmin("z", 1)) == same([b"z", b"a", 1.0])  # all else is as it was
    del client.response_callbacks["GEOPOS"]
    client.geoadd("g", [0, 0, "p"])
    assert isinstance(client.geopos("g", "p")[0][0], float | bytes)


def test_pages_of_sorted_sets(client: Redis, family: str) -> None:
    client.zadd("z", {"a": 1})
    pair = (b"a", 1.0) if family == "resp3" else [b"a", 1.0]
    assert [same(each) for each in client.zscan_iter("z")] == [same(pair)]


@pytest.mark.parametrize("multiplexed", [False, True], ids=["own", "shared"])
def test_clusters(cluster: RealCluster, target: Target, multiplexed: bool, family: str) -> None:
    node = cluster.nodes[0]
    options = {"host": node.host, "port": node.port, "multiplexed": multiplexed, **told(family, target)}
    with RedisCluster(**options) as client:
        client.delete("z")
        client.zadd("z", {"a": 1, "b": 2})
        expected = same([[b"a", 1.0], [b"b", 2.0]])
        assert same(client.zrange("z", 0, -1, withscores=True)) == expected
        for transaction in (False, True):
            with client.pipeline(transaction=transaction) as pipe:
                pipe.zrange("z", 0, -1, withscores=True)
                assert same(pipe.execute()) == same([[[b"a", 1.0], [b"b", 2.0]]])
        whoami = b"default" if family == "resp3" else "default"
        assert client.acl_whoami(target_nodes=client.get_primaries()[0]) == whoami
        (first, *_) = client.cluster_shards()
        slots, nodes = ("slots", "nodes") if family == "unified" else (b"slots", b"nodes")
        assert isinstance(first[slots], list)
        assert ("port" if family == "unified" else b"port") in first[nodes][0]
        (link, *_) = client.cluster_links(client.get_primaries()[0])
        assert ("direction" if family == "unified" else b"direction") in link
        assert client.cluster_get_keys_in_slot(client.keyslot("z"), 1) == [b"z"]


def test_sentinels(group: SentinelGroup, target: Target, family: str) -> None:
    options = told(family, target)
    with Sentinel(group.addresses, sentinel_kwargs=options, **options) as sentinel:
        one = sentinel.sentinels[0]
        states: Any = one.sentinel_masters()
        (state,) = states.values()
        assert (state["flags"], state["is_master"]) == ({"master"}, True)
        assert one.sentinel_master("mymaster")["flags"] == {"master"}
        assert one.execute_command("SENTINEL MASTER", "mymaster")["flags"] == {"master"}
        assert all(each["is_slave"] and "slave" in each["flags"] for each in one.sentinel_slaves("mymaster"))
        assert sentinel.discover_master("mymaster") == group.primary.address
        with sentinel.master_for("mymaster") as client:
            client.zadd("z", {"a": 1})
            assert same(client.zpopmin("z", 1)) == same([[b"a", 1.0]])


def test_several_databases(server: RealServer, target: Target, family: str) -> None:
    kwargs = {"host": server.host, "port": server.port, **told(family, target)}
    with MultiDBClient(MultiDbConfig([DatabaseConfig(client_kwargs=kwargs)])) as client:
        client.zadd("z", {"a": 1})
        assert same(client.zrange("z", 0, -1, withscores=True)) == same([[b"a", 1.0]])
        with client.pipeline() as pipe:
            pipe.zrange("z", 0, -1, withscores=True)
            assert same(pipe.execute()) == same([[[b"a", 1.0]]])
        ((database, _),) = client.get_databases()
        assert same(database.client.zrange("z", 0, -1, withscores=True)) == same([[b"a", 1.0]])
    plain = DatabaseConfig(client_kwargs={"host": server.host, "port": server.port})
    with pytest.raises(ConfigurationError, match="the same for all databases"):
        MultiDBClient(MultiDbConfig([DatabaseConfig(client_kwargs=kwargs), plain]))
