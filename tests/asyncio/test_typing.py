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

from multiplexer import CommandFlags, ConfigurationOptions, Publication, ServerCounters
from multiplexer.asyncio import Batch, ConnectionMultiplexer, Database, Pipeline, Server, Subscriber, Subscription

ROOT = Path(__file__).resolve().parents[2]


async def handles(mux: ConnectionMultiplexer) -> None:
    """Never called: only its types count."""
    assert_type(await ConnectionMultiplexer.connect("localhost"), ConnectionMultiplexer)
    assert_type(await ConnectionMultiplexer.connect(ConfigurationOptions(endpoints="x")), ConnectionMultiplexer)
    db = mux.get_database()
    text = mux.get_database(3, decode=True)
    assert_type(db, Database[bytes])
    assert_type(text, Database[str])
    assert_type(db.with_options(decode=True), Database[str])
    assert_type(text.with_options(decode=False), Database[bytes])
    assert_type(text.with_options(timeout=1.0), Database[str])
    assert_type(db.with_options(flags=CommandFlags.NO_RETRY), Database[bytes])
    assert_type(mux.get_server(), Server[bytes])
    assert_type(mux.get_servers(), list[Server[bytes]])
    assert_type(mux.get_subscriber(), Subscriber)
    assert_type(mux.get_counters(), list[ServerCounters])
    assert_type(db.batch(), Batch[bytes])
    assert_type(text.pipeline(), Pipeline[str])
    assert_type(await db.get("key"), bytes | None)
    assert_type(await text.get("key"), str | None)
    assert_type(await db.hgetall("key"), dict[bytes, bytes])
    assert_type(await text.hgetall("key"), dict[str, str])
    assert_type(await text.zrange("key", 0, -1, withscores=True), list[tuple[str, float]])
    assert_type(await db.execute("ANY"), Any)
    assert_type([key async for key in text.scan_iter()], list[str])
    assert_type(await db.batch().execute(), list[Any])
    subscription = await mux.get_subscriber().subscribe("channel")
    assert_type(subscription, Subscription[Publication])
    assert_type(await subscription.get(), Publication)
    assert_type([publication async for publication in subscription], list[Publication])
    assert_type(await mux.get_subscriber().publish("channel", "x"), int)


async def mistakes(mux: ConnectionMultiplexer) -> None:
    """Never called: each ignored error must be one."""
    db = mux.get_database()
    await db.set("key", None)  # type: ignore[call-overload]
    await db.set("key", ["list"])  # type: ignore[call-overload]
    await db.get()  # type: ignore[call-arg]
    await db.get("key", "other")  # type: ignore[call-arg]
    await db.set("key", "value", xe=5)  # type: ignore[call-overload]
    await db.gett("key")  # type: ignore[attr-defined]
    db.with_options(timeoutt=1)  # type: ignore[call-overload]
    mux.get_database("0")  # type: ignore[call-overload]
    text: Database[str] = db  # type: ignore[assignment]
    value: str = await db.get("key")  # type: ignore[assignment]
    number: int = await db.incr("key")
    print(text, value, number)


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
