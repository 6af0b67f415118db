# Generated from tests/asyncio/test_status.py by scripts/generate_blocking.py; change that file instead.
"""What a multiplexer tells of itself and its servers, and that secrets are not among it."""

from __future__ import annotations

import io
import json
import logging
import zipfile
from functools import partial

import pytest

from multiplexer.errors import RedisError, ResponseError
from tests.conftest import Target
from tests.servers import Error, RealServer, ScriptedServer

from ._world import spawn, until
from .connecting import connect

SECRET = "s3cret-nobody-may-see"


def test_facts_about_a_server(server: RealServer, target: Target) -> None:
    with connect(server, protocol=target.protocol) as mux:
        (status,) = mux.get_status()["servers"]
        info = server.info("everything")
        assert status["endpoint"] == f"{server.host}:{server.port}"
        assert status["protocol"] == target.protocol
        assert status["server"] == server.kind
        assert status["version"] == server.version
        assert status["mode"] == "standalone"
        assert (status["role"], status["primary"]) == ("primary", None)
        assert status["run_id"] == info["run_id"]
        assert status["databases"] == 16
        assert status["interactive"]["state"] == "established"
        assert status["interactive"]["client_id"] in [int(client["id"]) for client in server.clients()]
        assert status["subscription"] is None
        json.dumps(mux.get_status(), default=str)


def test_health_of_a_server_that_goes_and_comes_back(own_server: RealServer) -> None:
    with connect(own_server, heartbeat_interval=0.05) as mux:
        address = f"{own_server.host}:{own_server.port}"
        assert str(mux.health()) == "ready"
        own_server.kill()
        until(lambda: not mux.health())
        assert mux.health().servers[address].startswith("disconnected for ")
        assert mux.health().missing == ("no server is connected",)
        own_server.restart()
        until(lambda: mux.health().state == "ready")
    assert mux.health().state == "down"
    assert mux.health().missing == ("the multiplexer was closed",)


def test_facts_about_a_replica(own_server: RealServer, target: Target) -> None:
    own_server.command("REPLICAOF", "127.0.0.1", "1")
    with connect(own_server, protocol=target.protocol) as mux:
        (status,) = mux.get_status()["servers"]
        assert (status["role"], status["primary"]) == ("replica", ("127.0.0.1", 1))
        assert (status["replica_read_only"], status["link_up"]) == (True, False)
        assert "replica established" in repr(mux)


@pytest.mark.parametrize(
    ("forbidden", "unknown"),
    [
        (["INFO"], {"run_id", "databases"} - {"databases"}),
        (["CONFIG"], {"databases"}),
        (["INFO", "CONFIG", "CLIENT"], {"run_id", "databases"}),
    ],
)
def test_facts_where_something_is_forbidden(forbidden: list[str], unknown: set[str]) -> None:
    with ScriptedServer() as server:
        for command in forbidden:
            server.on(command, Error(f"NOPERM this user has no permissions to run the '{command}' command"))
        with connect(server, protocol=3) as mux:
            (status,) = mux.get_status()["servers"]
            assert {name for name in ("role", "version", "run_id", "databases") if status[name] is None} == unknown
            assert (status["role"], status["version"]) == ("primary", (7, 0, 15))  # HELLO says so as well


def test_the_role_is_learnt_from_role_where_info_is_forbidden() -> None:
    with ScriptedServer(resp3=False) as server:
        server.on("INFO", Error("NOPERM"))
        server.behaviour.role = "slave"
        with connect(server, config_check_seconds=0.05, heartbeat_interval=0.02) as mux:
            until(lambda: mux.get_status()["servers"][0]["role"] == "replica")
            assert mux.get_status()["servers"][0]["primary"] == ("127.0.0.1", 6379)


def test_status_of_what_is_not_connected() -> None:
    with ScriptedServer() as server:
        server.stop_listening()
        with connect(server) as mux:
            (status,) = mux.get_status()["servers"]
            assert status["role"] == "unknown"
            assert status["interactive"]["state"] in ("disconnected", "connecting")
            assert "Connect" in status["interactive"]["last_error"]
            assert status["interactive"]["client_id"] is None


def test_what_went_wrong_last_is_told_in_words(own_server: RealServer) -> None:
    """The latest first, counted by kind, and without anything that a caller has sent."""
    with connect(own_server, heartbeat_interval=60) as mux:
        assert mux.get_status()["happenings"] == []
        own_server.pause()
        with pytest.raises(RedisError):
            mux.get_database().with_options(timeout=0.05).set(SECRET, SECRET)
        own_server.kill()  # while it owes a reply: threads do not listen to an idle connection between heartbeats
        until(lambda: len(mux.get_status()["happenings"]) >= 3)
        listed = mux.get_status()["happenings"]
    assert {each["endpoint"] for each in listed} == {f"{own_server.host}:{own_server.port}"}
    assert {each["what"] for each in listed} == {"timed_out", "lost", "connect_failed"}
    assert [each["ago"] for each in listed] == sorted(each["ago"] for each in listed)
    assert listed[-1]["what"] == "timed_out"
    assert (listed[-1]["kind"], listed[-1]["count"]) == ("RedisTimeoutError", 1)
    assert "SET to" in listed[-1]["words"]
    assert "the server has not answered" in listed[-1]["words"]
    assert SECRET not in str(listed)


def test_leases_and_health_are_part_of_it(server: RealServer) -> None:
    with connect(server, max_leases=7) as mux:
        assert mux.get_status()["leases"] == []
        assert mux.get_status()["health"]["state"] == "ready"
        db = mux.get_database()
        waiting = spawn(db.blpop, ["queue"], 0)
        address = f"{server.host}:{server.port}"
        lent = {"endpoint": address, "used": 1, "idle": 0, "most": 7}
        until(lambda: mux.get_status()["leases"] == [lent])
        db.rpush("queue", "value")
        waiting.result()
        assert mux.get_status()["leases"] == [{**lent, "used": 0, "idle": 1}]


def test_export(own_server: RealServer) -> None:
    own_server.command("CONFIG", "SET", "requirepass", SECRET, "masterauth", SECRET)
    own_server.password = SECRET
    with connect(own_server, password=SECRET, name="exporter", allow_admin=True) as mux:
        mux.get_database().set("key", "value")
        content = mux.export_configuration()
    assert SECRET.encode() not in content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name.rpartition("/")[2]: archive.read(name).decode() for name in archive.namelist()}
    assert set(files) == {"status.json", "info.txt", "config.json", "clients.txt", "nodes.txt"}
    assert not any(SECRET in text for text in files.values())
    assert "run_id:" in files["info.txt"]
    assert "db0:keys=1" in files["info.txt"]
    config = json.loads(files["config.json"])
    assert (config["databases"], config["requirepass"]) == ("16", "***")
    assert "name=exporter" in files["clients.txt"]
    assert "cluster support disabled" in files["nodes.txt"]
    assert json.loads(files["status.json"])["servers"][0]["role"] == "primary"


def test_export_where_admin_commands_are_not_allowed(server: RealServer) -> None:
    with connect(server) as mux:
        content = mux.export_configuration()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert len(archive.namelist()) == 5


def test_a_storm_is_written_down_once() -> None:
    with ScriptedServer() as server:
        server.stop_listening()
        with connect(server) as mux:
            assert mux.storm_log is None
            slow = mux.get_database().with_options(timeout=5)
            waiting = [spawn(slow.set, f"key-{index}", SECRET) for index in range(20)]
            until(lambda: mux.get_counters()[0].total_outstanding == 20)
            with pytest.raises(RedisError):
                mux.get_database(2).with_options(timeout=0.05).get("key")
            until(lambda: mux.storm_log)
            first = mux.storm_log
            assert first is not None
            assert first.startswith("2")
            assert "commands outstanding at" in first
            assert first.count("\n  queued SET db=0") == 20
            assert SECRET not in first
            assert mux.get_status()["storm_log"] == first
            with pytest.raises(RedisError):
                mux.get_database().with_options(timeout=0.05).get("key")
            assert mux.storm_log == first
            mux.clear_storm_log()
            assert mux.storm_log is None
            server.start_listening()
            for call in waiting:
                call.result()


@pytest.mark.parametrize("unknown", ["AUTH", "HELLO"])
def test_a_server_that_quotes_what_it_does_not_know(unknown: str, caplog: pytest.LogCaptureFixture) -> None:
    texts: list[str] = []
    with ScriptedServer() as server, caplog.at_level(logging.DEBUG):
        server.on(unknown, Error(f"ERR unknown command '{unknown}', with args beginning with: '{SECRET}' 'default' "))
        server.on("JSON.SET", Error(f"ERR unknown command 'JSON.SET', with args beginning with: '{SECRET}' "))
        with connect(server, password=SECRET, abort_connect=False) as mux:
            with pytest.raises(RedisError) as caught:
                mux.get_database().with_options(timeout=0.3).execute("JSON.SET", SECRET, "$", SECRET)
            texts += [str(caught.value), repr(caught.value), str(caught.value.details), str(mux.get_status())]
    assert not [text for text in [*texts, caplog.text] if SECRET in text]


def test_what_servers_quote_may_be_asked_for() -> None:
    with ScriptedServer() as server:
        server.on("JSON.SET", Error("ERR unknown command 'JSON.SET', with args beginning with: 'user:alice' "))
        server.on("BLPOP", Error("ERR unknown command 'BLPOP', with args beginning with: 'user:alice' "))
        for options, shown in (({}, False), ({"error_details": True}, True)):
            with connect(server, **options) as mux:
                db = mux.get_database()
                for call in (partial(db.execute, "JSON.SET", "user:alice"), partial(db.blpop, "user:alice", 1)):
                    with pytest.raises(ResponseError, match=r"^ERR unknown command '(JSON.SET|BLPOP)'") as caught:
                        call()
                    assert ("alice" in str(caught.value)) is shown


def test_secrets_show_nowhere(own_server: RealServer, caplog: pytest.LogCaptureFixture) -> None:
    own_server.command("CONFIG", "SET", "requirepass", SECRET)
    own_server.password = SECRET
    texts: list[str] = []
    events: list[object] = []
    with caplog.at_level(logging.DEBUG):
        with connect(own_server, password=SECRET, name="secretive") as mux:
            mux.connection_failed += events.append
            db = mux.get_database()
            db.set("key", "value")
            texts += [repr(mux), str(mux.options), repr(mux.options), mux.options.to_string(), str(mux.get_status())]
            texts += [str(mux.get_counters()[0]), repr(db), repr(mux.get_server()), repr(mux._coordinator.servers)]
            own_server.command("CONFIG", "SET", "requirepass", "another")
            own_server.password = "another"
            own_server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
            until(lambda: "WRONGPASS" in str(mux.get_status()))
            with pytest.raises(RedisError) as caught:
                db.with_options(timeout=0.05).set("key", SECRET)
            texts += [str(caught.value), repr(caught.value), str(caught.value.details), str(mux.get_status())]
            until(lambda: events)
            texts += [str(events)]
        with pytest.raises(RedisError) as refused:
            connect(own_server, password=SECRET, abort_connect=True, connect_retry=1)
        texts += [str(refused.value), repr(refused.value.__cause__), str(refused.value.__context__)]
    assert not [text for text in [*texts, caplog.text] if SECRET in text]
