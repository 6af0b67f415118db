# Generated from tests/asyncio/commands/test_server.py by scripts/generate_blocking.py; change that file instead.
"""Commands that ask, set up and steer a server."""

from __future__ import annotations

import datetime
import time

import pytest

from multiplexer.errors import DataError, ResponseError

from .._world import until
from .requirements import requires


def test_the_data_set(db):
    db.mset({"a": 1, "b": 2})
    assert db.dbsize() == 2
    assert db.swapdb(0, 1) is True
    assert db.dbsize() == 0
    assert db.swapdb(0, 1) is True
    assert db.dbsize() == 2
    assert db.flushdb() is True
    assert db.dbsize() == 0
    assert db.flushdb(asynchronous=True) is True
    assert db.flushall() is True
    assert db.flushall(asynchronous=True) is True


def test_saving(db):
    # The server takes the time once a turn of its loop, so its second may be the one before ours.
    before = datetime.datetime.now().replace(microsecond=0) - datetime.timedelta(seconds=1)
    assert db.save() is True
    assert db.lastsave() >= before
    assert db.bgsave() is True
    until(lambda: _is_idle(db))
    assert db.bgsave(schedule=False) is True
    until(lambda: _is_idle(db))
    assert db.bgrewriteaof() is True
    until(lambda: _is_idle(db))


def _is_idle(db) -> bool:
    info = db.info("persistence")
    return not (info["rdb_bgsave_in_progress"] or info["aof_rewrite_in_progress"])


def test_role(db, db_str):
    assert db.role()[0] == b"master"
    assert db_str.role()[0] == "master"
    assert db.replicaof("NO", "ONE") is True
    assert db.slaveof() is True
    with pytest.raises(DataError, match="REPLICAOF: args must be host and port"):
        db.replicaof("127.0.0.1")
    with pytest.raises(DataError, match="SLAVEOF: host and port must both be given"):
        db.slaveof("127.0.0.1")


def test_shutdown_called_off(db):
    with pytest.raises(ResponseError, match="No shutdown in progress"):
        db.shutdown(abort=True)


@pytest.mark.parametrize("options", [{"save": True, "nosave": True}, {"now": True, "abort": True}])
def test_shutdown_with_bad_options(db, options):
    with pytest.raises(DataError, match=f"SHUTDOWN: {' and '.join(options)} contradict each other"):
        db.shutdown(**options)
    assert db.ping()


def test_configuration(db, db_str):
    settings = db.config_get()
    assert settings["port"].isdigit()
    assert db_str.config_get("maxmem*", "timeout") == {
        name: value for name, value in settings.items() if name.startswith("maxmem") or name == "timeout"
    }
    assert db.config_get("none") == {}
    before = db.config_get("slowlog-max-len", "maxmemory-samples")
    assert db.config_set("slowlog-max-len", 77, "maxmemory-samples", 7) is True
    assert db.config_get("slowlog-max-len", "maxmemory-samples") == {
        "slowlog-max-len": "77",
        "maxmemory-samples": "7",
    }
    for name, value in before.items():
        assert db.config_set(name, value) is True
    assert db.config_resetstat() is True
    with pytest.raises(ResponseError, match="none"):
        db.config_set("none", 1)
    with pytest.raises(DataError, match="CONFIG SET: args must be pairs of name and value"):
        db.config_set("port", 1, "timeout")


def test_rewriting_the_configuration(db):
    if db.info("server")["config_file"]:
        assert db.config_rewrite() is True
    else:
        with pytest.raises(ResponseError, match="without a config file"):
            db.config_rewrite()


def test_info(db, db_str, server):
    db.set("k", "v", ex=100)
    info = db.info()
    version = ".".join(map(str, server.version))
    assert version in (info["redis_version"], info.get("valkey_version"))
    assert info["tcp_port"] == server.port
    assert isinstance(info["mem_fragmentation_ratio"], float)
    assert info["db0"]["keys"] == 1
    assert info["db0"]["expires"] == 1
    assert "used_memory" in db_str.info("memory")
    assert "used_memory" not in db.info("server")
    assert {"redis_version", "used_memory"} <= set(db.info("server", "memory"))
    statistics = db.info("commandstats")
    assert statistics["cmdstat_set"]["calls"] >= 1
    assert isinstance(statistics["cmdstat_set"]["usec_per_call"], float)


def test_lolwut(db, db_str):
    assert b"ver" in db.lolwut()
    assert "ver" in db_str.lolwut(5, 1, 1, 1)


def test_time(db):
    seconds, microseconds = db.time()
    assert abs(seconds - time.time()) < 60
    assert 0 <= microseconds < 1_000_000


def test_modules(db_str):
    assert all("name" in module for module in db_str.module_list())


def test_debug_object(db):
    db.set("k", "v")
    if db.config_get("enable-debug-command")["enable-debug-command"] == "no":
        with pytest.raises(ResponseError, match="DEBUG command not allowed"):
            db.debug_object("k")
        return
    details = db.debug_object("k")
    assert details["type"] == "Value"
    assert details["refcount"] == 1
    assert details["encoding"] == "embstr"


def test_commands(db):
    described = db.command()
    assert db.command_count() == len(described)
    get = described["get"]
    assert get["arity"] == 2
    assert "readonly" in get["flags"]
    assert (get["first_key_pos"], get["last_key_pos"], get["step_count"]) == (1, 1, 1)
    assert "@string" in get["acl_categories"]
    assert get["key_specifications"][0]["begin_search"] == {"type": "index", "spec": {"index": 1}}
    assert db.command_info("get", "nonsense") == {"get": get}
    subcommands = db.command_info("xgroup")["xgroup"]["subcommands"]
    assert "xgroup|create" in {subcommand["name"] for subcommand in subcommands}


def test_command_docs(db, db_str):
    docs = db.command_docs("lpos", "config")
    assert docs["lpos"]["group"] == "list"
    rank = next(argument for argument in docs["lpos"]["arguments"] if argument["name"] == "rank")
    assert rank["token"] == "RANK"
    assert rank["flags"] == ["optional"]
    assert docs["config"]["subcommands"]["config|get"]["since"] == "2.0.0"
    assert db_str.command_docs("lpos") == {"lpos": docs["lpos"]}


def test_command_getkeys(db, db_str):
    assert db.command_getkeys("MSET", "a", 1, "b", 2) == [b"a", b"b"]
    assert db_str.command_getkeysandflags("GET", "a") == [["a", ["RO", "access"]]]
    with pytest.raises(ResponseError, match="no key arguments"):
        db.command_getkeys("PING", "x")
    with pytest.raises(DataError, match="COMMAND GETKEYS: args must not be empty"):
        db.command_getkeys()
    with pytest.raises(DataError, match="COMMAND GETKEYSANDFLAGS: args must not be empty"):
        db.command_getkeysandflags()


def test_command_list(db, db_str):
    assert b"get" in db.command_list()
    assert set(db_str.command_list(pattern="xread*")) == {"xread", "xreadgroup"}
    assert "get" in db_str.command_list(category="string")
    assert db.command_list(module="none") == []
    with pytest.raises(DataError, match="COMMAND LIST: category and pattern contradict each other"):
        db.command_list(category="string", pattern="x*")


def test_memory(db, db_str):
    db.set("k", "v")
    assert db.memory_usage("k") > 0
    assert db.memory_usage("k", samples=0) > 0
    assert db.memory_usage("none") is None
    assert "Sam" in db.memory_doctor()
    assert isinstance(db.memory_malloc_stats(), bytes)
    assert isinstance(db_str.memory_malloc_stats(), str)
    assert db.memory_purge() is True
    statistics = db.memory_stats()
    assert statistics["keys.count"] == 1
    assert statistics["dataset.percentage"] > 0
    assert statistics["db.0"]["overhead.hashtable.main"] > 0
    with pytest.raises(DataError, match="MEMORY USAGE: samples must not be negative"):
        db.memory_usage("k", -1)


@requires(valkey=(8, 1), redis=None)
def test_commandlog(db, db_str):
    before = db.config_get("commandlog-request-larger-than")
    db.config_set("commandlog-request-larger-than", 1000)
    try:
        assert db.commandlog_reset("large-request") is True
        db.set("k", "v" * 2000)
        assert db.commandlog_len("large-request") == 1
        (entry,) = db_str.commandlog_get(-1, "large-request")
        assert entry["command"].startswith("SET k vvv")
        assert entry["duration"] > 2000
    finally:
        db.config_set("commandlog-request-larger-than", before["commandlog-request-larger-than"])
    with pytest.raises(DataError, match="COMMANDLOG GET: kind must be one of SLOW"):
        db.commandlog_get(1, "odd")
    with pytest.raises(DataError, match="COMMANDLOG LEN: kind must be one of SLOW"):
        db.commandlog_len("odd")
    with pytest.raises(DataError, match="COMMANDLOG RESET: kind must be one of SLOW"):
        db.commandlog_reset("odd")


def test_slowlog(db, db_str):
    before = db.config_get("slowlog-log-slower-than")
    db.config_set("slowlog-log-slower-than", 0)
    try:
        assert db.slowlog_reset() is True
        db.set("k", "v")
        assert db.slowlog_len() >= 1
        entry = next(entry for entry in db.slowlog_get() if entry["command"] == b"SET k v")
        assert abs(entry["start_time"] - time.time()) < 60
        assert entry["duration"] >= 0
        assert b":" in entry["client_address"]
        assert any(entry["command"] == "SET k v" for entry in db_str.slowlog_get(100))
        assert len(db.slowlog_get(1)) == 1
    finally:
        db.config_set("slowlog-log-slower-than", before["slowlog-log-slower-than"])


def test_latency(db, db_str):
    db.config_set("latency-monitor-threshold", 1)
    try:
        assert db.latency_reset() >= 0
        assert db.latency_latest() == []
        db.mset({f"key:{number}": "v" * 100 for number in range(20_000)})
        until(lambda: _slow_keys(db))
        latest = {event[0]: event[1:] for event in db_str.latency_latest()}
        assert latest["command"][2] >= 1
        moment, milliseconds = db.latency_history("command")[0]
        assert abs(moment - time.time()) < 60
        assert milliseconds >= 1
        assert "command" in db.latency_graph("command")
        assert isinstance(db.latency_doctor(), str)
        assert db.latency_reset("command") == 1
    finally:
        db.config_set("latency-monitor-threshold", 0)


def _slow_keys(db) -> bool:
    # Looking at every key for one that is not there takes the server a while.
    db.keys("*none*")
    return bool(db.latency_latest())


def test_latency_of_no_event(db):
    assert db.latency_history("none") == []
    with pytest.raises(ResponseError, match="No samples available"):
        db.latency_graph("none")


def test_latency_histogram(db):
    db.config_resetstat()
    db.set("k", "v")
    histogram = db.latency_histogram("set", "get")["set"]
    assert histogram["calls"] == 1
    assert list(histogram["histogram_usec"].values()) == [1]
    assert "set" in db.latency_histogram()
    assert db.latency_histogram("get") == {}


def test_modules_may_not_be_loaded(db):
    for call in (
        lambda: db.module_load("/none.so"),
        lambda: db.module_loadex("/none.so", ["name", "value"], ["argument"]),
        lambda: db.module_unload("none"),
    ):
        with pytest.raises(ResponseError, match=r"(?i)module"):
            call()


def test_failover_needs_a_replica(db):
    with pytest.raises(ResponseError, match=r"(?i)replica"):
        db.failover(timeout=100)
    with pytest.raises(ResponseError, match=r"(?i)no failover in progress"):
        db.failover(abort=True)


@requires(valkey=(8, 1), redis=None)
def test_calling_off_a_save(db):
    with pytest.raises(ResponseError, match="not in progress"):
        db.bgsave(cancel=True)
