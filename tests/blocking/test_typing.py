# Generated from tests/asyncio/test_typing.py by scripts/generate_blocking.py; change that file instead.
"""What type checkers know of handles and views, and what they refuse.

``mypy --strict`` over this file and its twin is half of the test: it checks every ``assert_type``, and every
``type: ignore`` must be needed. Run as a test, it hands such files to mypy itself.
"""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any, assert_type

import pytest

from multiplexer import (
    CacheStatistics,
    CommandFlags,
    Condition,
    ConfigurationOptions,
    ConsumerStatistics,
    Gap,
    KeyspaceNotification,
    Publication,
    Queued,
    RateLimitResult,
    ServerCounters,
)
from multiplexer.blocking import (
    Batch,
    ConnectionMultiplexer,
    Database,
    Pipeline,
    RateLimiter,
    Script,
    Server,
    StreamConsumer,
    Subscriber,
    Subscription,
    Transaction,
    WatchingPipeline,
)
from multiplexer.codecs import JsonCodec

ROOT = Path(__file__).resolve().parents[2]



def _some_text() -> str:
    return "text"


def _perhaps_text() -> str | None:
    return None


def handles(mux: ConnectionMultiplexer) -> None:
    """Never called: only its types count."""
    assert_type(ConnectionMultiplexer.connect("localhost"), ConnectionMultiplexer)
    assert_type(ConnectionMultiplexer.connect(ConfigurationOptions(endpoints="x")), ConnectionMultiplexer)
    with ConnectionMultiplexer.connect("localhost", connect_timeout=1.0) as entered:
        assert_type(entered, ConnectionMultiplexer)
    db = mux.get_database()
    text = mux.get_database(3, decode=True)
    assert_type(db, Database[bytes])
    assert_type(text, Database[str])
    assert_type(db.with_options(decode=True), Database[str])
    assert_type(text.with_options(decode=False), Database[bytes])
    assert_type(text.with_options(timeout=1.0), Database[str])
    assert_type(db.with_options(flags=CommandFlags.NO_RETRY), Database[bytes])
    assert_type(mux.get_database(cached=True), Database[bytes])
    assert_type(mux.get_database(decode=True, cached=5.0), Database[str])
    assert_type(text.with_options(cached=True), Database[str])
    assert_type(mux.client_cache.statistics(), CacheStatistics)
    assert_type(mux.get_server(), Server[bytes])
    assert_type(mux.get_servers(), list[Server[bytes]])
    assert_type(mux.get_subscriber(), Subscriber)
    assert_type(mux.get_counters(), list[ServerCounters])
    assert_type(db.batch(), Batch[bytes])
    assert_type(text.pipeline(), Pipeline[str])
    assert_type(db.transaction(), Transaction[bytes])
    assert_type(text.watch("key"), WatchingPipeline[str])
    assert_type(db.get("key"), bytes | None)
    assert_type(text.get("key"), str | None)
    assert_type(db.get_or_load("key", loader=lambda: 1, ttl=1), bytes)
    assert_type(text.get_or_load("key", loader=_some_text, ttl=1), str)
    assert_type(text.get_or_load("key", loader=_perhaps_text, ttl=1, negative_ttl=1), str | None)
    assert_type(db.hgetall("key"), dict[bytes, bytes])
    assert_type(text.hgetall("key"), dict[str, str])
    assert_type(text.zrange("key", 0, -1, withscores=True), list[tuple[str, float]])
    assert_type(db.execute("ANY"), Any)
    assert_type(db.execute("INCR", "key", returns=int), int)
    assert_type(text.execute("KEYS", "*", returns=list[str]), list[str])
    [(stream, entries)] = text.xread({"stream": 0})
    assert_type(stream, str)
    assert_type([fields for _, fields in entries], list[dict[str, str]])
    assert_type(
        db.xreadgroup("group", "me", {"stream": ">"}), list[tuple[bytes, list[tuple[bytes, dict[bytes, bytes]]]]]
    )
    assert_type(
        db.xreadgroup("group", "me", {"stream": ">"}, claim_min_idle_time=5), list[tuple[bytes, list[Any]]]
    )
    assert_type(db.register_script("return 1"), Script[Any])
    script = db.register_script("return 1", returns=int)
    assert_type(script(keys=["key"]), int)
    assert_type(script(client=text), int)
    assert_type(script(client=db.batch()).result(), int)
    assert_type(script(client=db.transaction()), Queued[int])
    assert_type([key for key in text.scan_iter()], list[str])
    assert_type(db.batch().execute(), list[Any])
    subscription = mux.get_subscriber().subscribe("channel")
    assert_type(subscription, Subscription[Publication])
    assert_type(subscription.get(), Publication)
    assert_type([publication for publication in subscription], list[Publication])
    assert_type(mux.get_subscriber().publish("channel", "x"), int)
    assert_type(mux.get_subscriber(), Subscriber[bytes, bytes])
    assert_type(mux.get_subscriber(decode=True), Subscriber[str, str])
    texts = mux.get_subscriber(decode=True).psubscribe("channel", gaps=True)
    assert_type(texts, Subscription[Publication[str, str] | Gap])
    numbers = mux.get_subscriber(codec=JsonCodec(int)).subscribe("channel")
    assert_type(numbers.get().data, int)
    assert_type(mux.get_subscriber(decode=True).subscribe_keyevent(), Subscription[KeyspaceNotification[str]])
    assert_type(StreamConsumer(db, "stream", "group", print), StreamConsumer[bytes, bytes])
    assert_type(StreamConsumer(text, "stream", "group", print), StreamConsumer[str, str])
    assert_type(StreamConsumer(text, "stream", "group", print).statistics(), ConsumerStatistics)
    assert_type(RateLimiter(db, 3, 60).acquire("key"), RateLimitResult)


def batches(db: Database[bytes], text: Database[str]) -> None:
    """Never called: what a batch or transaction collects knows its result."""
    batch, texts = db.batch(), text.batch()
    assert_type(batch.get("key"), Queued[bytes | None])
    assert_type(texts.get("key"), Queued[str | None])
    assert_type(batch.get("key").result(), bytes | None)
    assert_type(texts.hgetall("key").result(), dict[str, str])
    assert_type(batch.hgetall("key").result(), dict[bytes, bytes])
    assert_type(batch.incr("key").result(), int)
    assert_type(batch.set("key", "value").result(), bool | None)
    assert_type(batch.set("key", "value", get=True).result(), bytes | None)
    assert_type(texts.set("key", "value", get=True).result(), str | None)
    assert_type(texts.mget("key", "other").result(), list[str | None])
    assert_type(batch.smembers("key").result(), set[bytes])
    assert_type(texts.zrange("key", 0, -1, withscores=True).result(), list[tuple[str, float]])
    assert_type(batch.zscore("key", "member").result(), float | None)
    assert_type(batch.lpop("key").result(), bytes | None)
    assert_type(texts.lpop("key", 3).result(), list[str] | None)
    assert_type(texts.xrange("key").result(), list[tuple[str, dict[str, str]]])
    assert_type(batch.expire("key", 5).result(), bool)
    assert_type(batch.bitfield("key").get("u8", 0).execute().result(), list[int | None])
    assert_type(batch.json().arrlen("key").result(), int | list[int | None] | None)
    assert_type(texts.json().type("key").result(), str | list[str] | None)
    assert_type(batch.bf().add("key", "item").result(), int)
    assert_type(batch.ft().dropindex().result(), bytes)
    assert_type(batch.execute_command("GET", "key"), Queued[Any])
    assert_type(batch.execute_command("INCR", "key", returns=int).result(), int)
    [(stream, entries)] = texts.xread({"stream": 0}).result()
    assert_type(stream, str)
    assert_type(entries, list[tuple[str, dict[str, str]]])
    transaction, texts_transaction = db.transaction(), text.transaction()
    assert_type(transaction.get("key"), Queued[bytes | None])
    assert_type(texts_transaction.get("key").result(), str | None)
    assert_type(transaction.require(Condition.key_exists("key")).incr("key").result(), int)
    assert_type(texts_transaction.zrange("key", 0, -1).result(), list[str])
    assert_type(transaction.execute().results, list[Any])


def pipelines(db: Database[bytes], text: Database[str]) -> None:
    """Never called: a pipeline's methods return it, and while it watches their commands' results."""
    assert_type(db.pipeline().set("key", 1).incr("key"), Pipeline[bytes])
    assert_type(text.pipeline().set("key", 1, get=True).hgetall("hash"), Pipeline[str])
    assert_type(text.pipeline().json().arrlen("key").bf().add("key", "item"), Pipeline[str])
    assert_type(db.pipeline().bitfield("key").get("u8", 0).execute().get("key"), Pipeline[bytes])
    assert_type(db.pipeline().get("key").execute(), list[Any])
    with db.watch("key") as tx, text.watch("key") as text_tx:
        assert_type(tx.get("key"), bytes | None)
        assert_type(text_tx.hgetall("hash"), dict[str, str])
        assert_type(text_tx.zscore("key", "member"), float | None)
        assert_type(tx.multi().set("key", 1), Pipeline[bytes])
        assert_type(text_tx.multi().incr("key").get("key"), Pipeline[str])
        assert_type(tx.execute(), list[Any])


def mistakes(mux: ConnectionMultiplexer) -> None:
    """Never called: each ignored error must be one."""
    db = mux.get_database()
    db.set("key", None)  # type: ignore[call-overload]
    db.set("key", ["list"])  # type: ignore[call-overload]
    db.get()  # type: ignore[call-arg]
    db.get("key", "other")  # type: ignore[call-arg]
    db.set("key", "value", xe=5)  # type: ignore[call-overload]
    db.gett("key")  # type: ignore[attr-defined]
    db.with_options(timeoutt=1)  # type: ignore[call-overload]
    mux.get_database("0")  # type: ignore[call-overload]
    text: Database[str] = db  # type: ignore[assignment]
    value: str = db.get("key")  # type: ignore[assignment]
    number: int = db.incr("key")
    early: bytes = db.batch().get("key")  # type: ignore[assignment]
    wrong: Queued[str | None] = db.batch().get("key")  # type: ignore[assignment]
    db.batch().get("key", "other")  # type: ignore[call-arg]
    db.batch().scan_iter()  # type: ignore[attr-defined]
    db.pipeline().set("key", None)  # type: ignore[call-overload]
    db.pipeline().get("key").result()  # type: ignore[attr-defined]
    print(text, value, number, early, wrong)


@pytest.mark.skipif(find_spec("mypy") is None, reason="mypy is not installed")
@pytest.mark.timeout(180)
def test_type_checkers_agree(tmp_path: Path) -> None:
    result = subprocess.run(
        [
            sys.executable,
            *("-m", "mypy", "--strict", "--explicit-package-bases", "--follow-imports=silent"),
            *("--cache-dir", str(tmp_path), str(Path(__file__))),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
