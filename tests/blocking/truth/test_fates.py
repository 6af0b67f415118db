# Generated from tests/asyncio/truth/test_fates.py by scripts/generate_blocking.py; change that file instead.
"""The table of docs/semantics.md, cell by cell, against servers behind a network that breaks."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from multiplexer import CommandFlags, ReplayCategory
from multiplexer.blocking import ConnectionMultiplexer, Database
from multiplexer.errors import RedisError
from tests.blocking._world import until
from tests.semantics.fates import COMMANDS, FATES, FAULTS, Fate
from tests.servers import FaultProxy, RealServer

from .conftest import Connect

#: Nothing but what a test sends passes meanwhile.
CALM = {"heartbeat_interval": 60, "connect_timeout": 5}
#: Seconds that decide nothing, and such as have to pass.
LONG, SHORT = 20.0, 0.3


def read(db: Database[bytes]) -> Any:
    return db.get("text")


def read_once(db: Database[bytes]) -> Any:
    return db.with_options(flags=CommandFlags.NO_RETRY).get("text")


def write(db: Database[bytes]) -> Any:
    return db.incr("n")


def write_again(db: Database[bytes]) -> Any:
    return db.with_options(flags=CommandFlags.RETRY_WRITES).incr("n")


def checked(db: Database[bytes]) -> Any:
    return db.with_options(retry_up_to=ReplayCategory.WRITE_CHECKED).set("new", "v", nx=True)


def reads(db: Database[bytes]) -> Any:
    batch = db.batch()
    batch.get("text")
    batch.strlen("text")
    return batch.execute()


def writes(db: Database[bytes]) -> Any:
    batch = db.batch()
    batch.incr("n")
    batch.get("text")
    return batch.execute()


def transaction(db: Database[bytes]) -> Any:
    queued = db.transaction()
    queued.incr("n")
    return queued.execute()


def script(db: Database[bytes]) -> Any:
    return db.eval("return redis.call('INCR', KEYS[1])", 1, "n")


def blocking(db: Database[bytes]) -> Any:
    return db.blpop("list", timeout=0.1)


CALLS = {
    "read": read,
    "read once": read_once,
    "write": write,
    "write again": write_again,
    "checked": checked,
    "reads": reads,
    "writes": writes,
    "transaction": transaction,
    "script": script,
    "blocking": blocking,
}
#: Of these nobody can tell how often they were done.
ONLY_READS = ("read", "read once", "reads")


def break_network(proxy: FaultProxy, fault: str) -> None:
    """Have a fault come over what is sent next."""
    if fault in ("unreachable", "fail fast"):
        proxy.refuse()
        proxy.reset()
    elif fault == "request cut":
        proxy.cut(direction="to_server", after_bytes=1)
    elif fault == "silent":
        proxy.black_hole("to_client")
    else:
        proxy.cut(after_bytes=1 if fault == "reply cut" else 0)


def fails(db: Database[bytes]) -> bool:
    """Whether the loss of the connection was noticed."""
    try:
        db.with_options(timeout=0.05).get("text")
    except RedisError:
        return True
    return False


def applied(server: RealServer) -> int:
    """Return how often the server has done something."""
    return int(server.command("GET", "n")) + 3 - server.command("LLEN", "list") + server.command("EXISTS", "new")


def sent_again(mux: ConnectionMultiplexer) -> int:
    """Return how often anything was sent that had been sent before."""
    return sum(server.interactive.retried + server.leased.retried for server in mux.get_counters())


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("command", CALLS)
def test_what_becomes_of_it(
    command: str, fault: str, connect: Connect, proxy: FaultProxy, server: RealServer
) -> None:
    server.command("FLUSHALL")
    server.command("MSET", "text", "some text", "n", "0")
    server.command("RPUSH", "list", "x", "a", "b", "c")
    policy = "FailFast" if fault == "fail fast" else "Queue"
    mux = connect(**CALM, backlog_policy=policy)
    assert mux.get_database().blpop("list", timeout=1) is not None  # its connection is there
    expected = FATES[command][fault]
    break_network(proxy, fault)
    if fault in ("unreachable", "fail fast"):
        until(partial(fails, mux.get_database()))
    db = mux.get_database().with_options(timeout=SHORT if expected.error == "RedisTimeoutError" else LONG)
    found, before = Fate(), sent_again(mux)
    try:
        CALLS[command](db)
    except RedisError as error:
        found = Fate(type(error).__name__, error.was_sent)
    proxy.restore()
    proxy.accept()
    if command in ONLY_READS:
        found = found._replace(applied=expected.applied)
    else:
        assert until(lambda: applied(server) >= expected.applied)
        found = found._replace(applied=applied(server))
    assert found._replace(sent_again=sent_again(mux) > before) == expected


def test_every_command_of_the_table_is_tried() -> None:
    assert CALLS.keys() == COMMANDS.keys() == FATES.keys()
