"""Commands that ask, set up and steer a server."""

from __future__ import annotations

import datetime
import time

import pytest

from multiplexer.errors import DataError, ResponseError

from .._world import until
from .requirements import requires


async def test_the_data_set(db):
    await db.mset({"a": 1, "b": 2})
    assert await db.dbsize() == 2
    assert await db.swapdb(0, 1) is True
    assert await db.dbsize() == 0
    assert await db.swapdb(0, 1) is True
    assert await db.dbsize() == 2
    assert await db.flushdb() is True
    assert await db.dbsize() == 0
    assert await db.flushdb(asynchronous=True) is True
    assert await db.flushall() is True
    assert await db.flushall(asynchronous=True) is True


async def test_saving(db):
    # The server takes the time once a turn of its loop, so its second may be the one before ours.
    before = datetime.datetime.now().replace(microsecond=0) - datetime.timedelta(seconds=1)
    assert await db.save() is True
    assert await db.lastsave() >= before
    assert await db.bgsave() is True
    await until(lambda: _is_idle(db))
    assert await db.bgsave(schedule=False) is True
    await until(lambda: _is_idle(db))
    assert await db.bgrewriteaof() is True
    await until(lambda: _is_idle(db))


async def _is_idle(db) -> bool:
    info = await db.info("persistence")
    return not (info["rdb_bgsave_in_progress"] or info["aof_rewrite_in_progress"])


async def test_role(db, db_str):
    assert (await db.role())[0] == b"master"
    assert (await db_str.role())[0] == "master"
    assert await db.replicaof("NO", "ONE") is True
    assert await db.slaveof() is True
    with pytest.raises(DataError, match="REPLICAOF: args must be host and port"):
        db.replicaof("127.0.0.1")
    with pytest.raises(DataError, match="SLAVEOF: host and port must both be given"):
        db.slaveof("127.0.0.1")


async def test_shutdown_called_off(db):
    with pytest.raises(ResponseError, match="No shutdown in progress"):
        await db.shutdown(abort=True)


@pytest.mark.parametrize("options", [{"save": True, "nosave": True}, {"now": True, "abort": True}])
async def test_shutdown_with_bad_options(db, options):
    with pytest.raises(DataError, match=f"SHUTDOWN: {' and '.join(options)} contradict each other"):
        await db.shutdown(**options)
    assert await db.ping()


async def test_configuration(db, db_str):
    settings = await db.config_get()
    assert settings["port"].isdigit()
    assert await db_str.config_get("maxmem*", "timeout") == {
        name: value for name, value in settings.items() if name.startswith("maxmem") or name == "timeout"
    }
    assert await db.config_get("none") == {}
    before = await db.config_get("slowlog-max-len", "maxmemory-samples")
    assert await db.config_set("slowlog-max-len", 77, "maxmemory-samples", 7) is True
    assert await db.config_get("slowlog-max-len", "maxmemory-samples") == {
        "slowlog-max-len": "77",
        "maxmemory-samples": "7",
    }
    for name, value in before.items():
        assert await db.config_set(name, value) is True
    assert await db.config_resetstat() is True
    with pytest.raises(ResponseError, match="none"):
        await db.config_set("none", 1)
    with pytest.raises(DataError, match="CONFIG SET: args must be pairs of name and value"):
        db.config_set("port", 1, "timeout")


async def test_rewriting_the_configuration(db):
    if (await db.info("server"))["config_file"]:
        assert await db.config_rewrite() is True
    else:
        with pytest.raises(ResponseError, match="without a config file"):
            await db.config_rewrite()


async def test_info(db, db_str, server):
    await db.set("k", "v", ex=100)
    info = await db.info()
    version = ".".join(map(str, server.version))
    assert version in (info["redis_version"], info.get("valkey_version"))
    assert info["tcp_port"] == server.port
    assert isinstance(info["mem_fragmentation_ratio"], float)
    assert info["db0"]["keys"] == 1
    assert info["db0"]["expires"] == 1
    assert "used_memory" in await db_str.info("memory")
    assert "used_memory" not in await db.info("server")
    assert {"redis_version", "used_memory"} <= set(await db.info("server", "memory"))
    statistics = await db.info("commandstats")
    assert statistics["cmdstat_set"]["calls"] >= 1
    assert isinstance(statistics["cmdstat_set"]["usec_per_call"], float)


async def test_lolwut(db, db_str):
    assert b"ver" in await db.lolwut()
    assert "ver" in await db_str.lolwut(5, 1, 1, 1)


async def test_time(db):
    seconds, microseconds = await db.time()
    assert abs(seconds - time.time()) < 60
    assert 0 <= microseconds < 1_000_000


async def test_modules(db_str):
    assert all("name" in module for module in await db_str.module_list())


async def test_debug_object(db):
    await db.set("k", "v")
    if (await db.config_get("enable-debug-command"))["enable-debug-command"] == "no":
        with pytest.raises(ResponseError, match="DEBUG command not allowed"):
            await db.debug_object("k")
        return
    details = await db.debug_object("k")
    assert details["type"] == "Value"
    assert details["refcount"] == 1
    assert details["encoding"] == "embstr"


async def test_commands(db):
    described = await db.command()
    assert await db.command_count() == len(described)
    get = described["get"]
    assert get["arity"] == 2
    assert "readonly" in get["flags"]
    assert (get["first_key_pos"], get["last_key_pos"], get["step_count"]) == (1, 1, 1)
    assert "@string" in get["acl_categories"]
    assert get["key_specifications"][0]["begin_search"] == {"type": "index", "spec": {"index": 1}}
    assert (await db.command_info("get", "nonsense")) == {"get": get}
    subcommands = (await db.command_info("xgroup"))["xgroup"]["subcommands"]
    assert "xgroup|create" in {subcommand["name"] for subcommand in subcommands}


async def test_command_docs(db, db_str):
    docs = await db.command_docs("lpos", "config")
    assert docs["lpos"]["group"] == "list"
    rank = next(argument for argument in docs["lpos"]["arguments"] if argument["name"] == "rank")
    assert rank["token"] == "RANK"
    assert rank["flags"] == ["optional"]
    assert docs["config"]["subcommands"]["config|get"]["since"] == "2.0.0"
    assert await db_str.command_docs("lpos") == {"lpos": docs["lpos"]}


async def test_command_getkeys(db, db_str):
    assert await db.command_getkeys("MSET", "a", 1, "b", 2) == [b"a", b"b"]
    assert await db_str.command_getkeysandflags("GET", "a") == [["a", ["RO", "access"]]]
    with pytest.raises(ResponseError, match="no key arguments"):
        await db.command_getkeys("PING", "x")
    with pytest.raises(DataError, match="COMMAND GETKEYS: args must not be empty"):
        db.command_getkeys()
    with pytest.raises(DataError, match="COMMAND GETKEYSANDFLAGS: args must not be empty"):
        db.command_getkeysandflags()


async def test_command_list(db, db_str):
    assert b"get" in await db.command_list()
    assert set(await db_str.command_list(pattern="xread*")) == {"xread", "xreadgroup"}
    assert "get" in await db_str.command_list(category="string")
    assert await db.command_list(module="none") == []
    with pytest.raises(DataError, match="COMMAND LIST: category and pattern contradict each other"):
        db.command_list(category="string", pattern="x*")


async def test_memory(db, db_str):
    await db.set("k", "v")
    assert await db.memory_usage("k") > 0
    assert await db.memory_usage("k", samples=0) > 0
    assert await db.memory_usage("none") is None
    assert "Sam" in await db.memory_doctor()
    assert isinstance(await db.memory_malloc_stats(), bytes)
    assert isinstance(await db_str.memory_malloc_stats(), str)
    assert await db.memory_purge() is True
    statistics = await db.memory_stats()
    assert statistics["keys.count"] == 1
    assert statistics["dataset.percentage"] > 0
    assert statistics["db.0"]["overhead.hashtable.main"] > 0
    with pytest.raises(DataError, match="MEMORY USAGE: samples must not be negative"):
        db.memory_usage("k", -1)


@requires(valkey=(8, 1), redis=None)
async def test_commandlog(db, db_str):
    before = await db.config_get("commandlog-request-larger-than")
    await db.config_set("commandlog-request-larger-than", 1000)
    try:
        assert await db.commandlog_reset("large-request") is True
        await db.set("k", "v" * 2000)
        assert await db.commandlog_len("large-request") == 1
        (entry,) = await db_str.commandlog_get(-1, "large-request")
        assert entry["command"].startswith("SET k vvv")
        assert entry["duration"] > 2000
    finally:
        await db.config_set("commandlog-request-larger-than", before["commandlog-request-larger-than"])
    with pytest.raises(DataError, match="COMMANDLOG GET: kind must be one of SLOW"):
        db.commandlog_get(1, "odd")
    with pytest.raises(DataError, match="COMMANDLOG LEN: kind must be one of SLOW"):
        db.commandlog_len("odd")
    with pytest.raises(DataError, match="COMMANDLOG RESET: kind must be one of SLOW"):
        db.commandlog_reset("odd")


async def test_slowlog(db, db_str):
    before = await db.config_get("slowlog-log-slower-than")
    await db.config_set("slowlog-log-slower-than", 0)
    try:
        assert await db.slowlog_reset() is True
        await db.set("k", "v")
        assert await db.slowlog_len() >= 1
        entry = next(entry for entry in await db.slowlog_get() if entry["command"] == b"SET k v")
        assert abs(entry["start_time"] - time.time()) < 60
        assert entry["duration"] >= 0
        assert b":" in entry["client_address"]
        assert any(entry["command"] == "SET k v" for entry in await db_str.slowlog_get(100))
        assert len(await db.slowlog_get(1)) == 1
    finally:
        await db.config_set("slowlog-log-slower-than", before["slowlog-log-slower-than"])


async def test_latency(db, db_str):
    await db.config_set("latency-monitor-threshold", 1)
    try:
        assert await db.latency_reset() >= 0
        assert await db.latency_latest() == []
        await db.mset({f"key:{number}": "v" * 100 for number in range(20_000)})
        await until(lambda: _slow_keys(db))
        latest = {event[0]: event[1:] for event in await db_str.latency_latest()}
        assert latest["command"][2] >= 1
        moment, milliseconds = (await db.latency_history("command"))[0]
        assert abs(moment - time.time()) < 60
        assert milliseconds >= 1
        assert "command" in await db.latency_graph("command")
        assert isinstance(await db.latency_doctor(), str)
        assert await db.latency_reset("command") == 1
    finally:
        await db.config_set("latency-monitor-threshold", 0)


async def _slow_keys(db) -> bool:
    # Looking at every key for one that is not there takes the server a while.
    await db.keys("*none*")
    return bool(await db.latency_latest())


async def test_latency_of_no_event(db):
    assert await db.latency_history("none") == []
    with pytest.raises(ResponseError, match="No samples available"):
        await db.latency_graph("none")


async def test_latency_histogram(db):
    await db.config_resetstat()
    await db.set("k", "v")
    histogram = (await db.latency_histogram("set", "get"))["set"]
    assert histogram["calls"] == 1
    assert list(histogram["histogram_usec"].values()) == [1]
    assert "set" in await db.latency_histogram()
    assert await db.latency_histogram("get") == {}


async def test_modules_may_not_be_loaded(db):
    for call in (
        lambda: db.module_load("/none.so"),
        lambda: db.module_loadex("/none.so", ["name", "value"], ["argument"]),
        lambda: db.module_unload("none"),
    ):
        with pytest.raises(ResponseError, match=r"(?i)module"):
            await call()


async def test_failover_needs_a_replica(db):
    with pytest.raises(ResponseError, match=r"(?i)replica"):
        await db.failover(timeout=100)
    with pytest.raises(ResponseError, match=r"(?i)no failover in progress"):
        await db.failover(abort=True)


@requires(valkey=(8, 1), redis=None)
async def test_calling_off_a_save(db):
    with pytest.raises(ResponseError, match="not in progress"):
        await db.bgsave(cancel=True)
