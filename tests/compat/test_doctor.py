"""``python -m multiplexer.compat doctor``: what it tells of small programs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from multiplexer.compat import Redis, SSLConnection
from multiplexer.compat.machinery.doctor.differences import ARGUMENTS, MEMBERS, MODULES, PRIVATE
from multiplexer.compat.machinery.doctor.program import main
from multiplexer.compat.machinery.doctor.reading import uses
from multiplexer.errors import ConfigurationError
from tests.scripts.loading import ROOT


def told(folder: Path, program: str) -> dict[str, str]:
    """Return the verdict on each name a program uses."""
    file = folder / "program.py"
    file.write_text(dedent(program))
    return {use.name: use.verdict.name.lower() for use in uses(file, "program.py")}


def test_what_is_imported(tmp_path: Path) -> None:
    assert told(
        tmp_path,
        """
        import redis
        import redis.asyncio as aioredis
        import valkey
        from redis.exceptions import ConnectionError
        from redis.commands.search.field import TextField
        from redis import Nonsense
        from redis.observability import config
        from redis._parsers import _Inside
        from .redis import Mine
        """,
    ) == {
        "redis": "same",
        "redis.asyncio": "same",
        "redis.exceptions.ConnectionError": "same",
        "redis.commands.search.field.TextField": "same",
        "redis.Nonsense": "missing",
        "redis.observability.config": "missing",
        "redis._parsers._Inside": "private",
    }


def test_attributes_and_methods_of_what_is_known(tmp_path: Path) -> None:
    found = told(
        tmp_path,
        """
        import redis
        from redis import Redis
        from redis.cluster import RedisCluster

        client = redis.Redis.from_url("redis://h")

        class Orders:
            def __init__(self, given: "redis.Redis | None" = None) -> None:
                self.client = given or Redis()
                self.pool = self.client.connection_pool

            def read(self) -> object:
                self.client.sismember("a", "b")
                self.client.keyspace_notifications()
                self.client.nonsense()
                self.pool.max_connections + len(self.pool._in_use_connections)
                with self.client.pipeline(transaction=True) as pipe:
                    pipe.watch("a")
                    pipe.set("a", 1).get("b").execute()
                return make().zscore("a", "b")

        def make() -> RedisCluster:
            return RedisCluster()

        client.hget("a", "b")
        client.pubsub().get_message()
        client.lock("a").extend(5)
        """,
    )
    assert found["redis.Redis.sismember"] == "different"
    assert found["redis.Redis.keyspace_notifications"] == found["redis.Redis.nonsense"] == "missing"
    assert found["redis.Redis.connection_pool._in_use_connections"] == "private"
    same = (
        *("redis.Redis.from_url", "redis.Redis.hget", "redis.Redis.pipeline", "redis.client.Pipeline.watch"),
        *("redis.client.Pipeline.get", "redis.client.Pipeline.execute", "redis.cluster.RedisCluster.zscore"),
        *("redis.client.PubSub.get_message", "redis.lock.Lock.extend", "redis.Redis.connection_pool.max_connections"),
    )
    assert {found[name] for name in same} == {"same"}


def test_in_asyncio(tmp_path: Path) -> None:
    assert told(
        tmp_path,
        """
        import redis.asyncio as redis

        async def main() -> None:
            client = redis.from_url("redis://")
            await client.set("a", 1)
            async with client.pipeline() as pipe:
                await pipe.get("a").nonsense()
            async with redis.Redis() as other:
                await other.get("a")
        """,
    ) == {
        "redis.asyncio": "same",
        "redis.asyncio.from_url": "same",
        "redis.asyncio.Redis.set": "same",
        "redis.asyncio.Redis.pipeline": "same",
        "redis.asyncio.client.Pipeline.get": "same",
        "redis.asyncio.client.Pipeline.nonsense": "missing",
        "redis.asyncio.Redis": "same",
        "redis.asyncio.Redis.get": "same",
    }


def test_arguments(tmp_path: Path) -> None:
    found = told(
        tmp_path,
        """
        import redis
        client = redis.Redis(decode_responses=True, protocol=3, cache=object(), nonsense=1)
        redis.Redis(protocol=2, cache=None, event_dispatcher=object())
        redis.Redis.from_url("redis://", ssl_ca_certs="x", legacy_responses=False, foo=1)
        redis.ConnectionPool(socket_read_size=5, bar=1)
        redis.ConnectionPool(**options)
        client.set("a", 1, ex=5, nonsense=True)
        client.execute_command("GET", "a", anything=1)
        """,
    )
    assert {name: verdict for name, verdict in found.items() if "=" in name} == {
        "redis.Redis(cache=)": "different",
        "redis.Redis(nonsense=)": "missing",
        "redis.Redis(event_dispatcher=)": "missing",
        "redis.Redis.from_url(foo=)": "missing",
        "redis.ConnectionPool(bar=)": "missing",
        "redis.Redis.set(nonsense=)": "missing",
    }


def test_subclasses_are_asked_about_what_is_not_their_own(tmp_path: Path) -> None:
    assert told(
        tmp_path,
        """
        import redis

        class Counting(redis.Redis):
            def execute_command(self, *args, **options):
                self._mine()
                self.sent = self._theirs
                return super().execute_command(*args, **options)

            def _mine(self): ...

        Counting().get("a")
        """,
    ) == {"redis": "same", "redis.Redis": "same", "redis.Redis._theirs": "private", "redis.Redis.get": "same"}


def test_the_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "good.py").write_text("import redis\nclient = redis.Redis()\nclient.get('a')\n")
    (tmp_path / "app" / "other.py").write_text("import json\n")
    (tmp_path / "app" / ".venv").mkdir()
    (tmp_path / "app" / ".venv" / "bad.py").write_text("import redis\nredis.nonsense\n")
    app = str(tmp_path / "app")
    assert main([app]) == 0
    text = capsys.readouterr().out
    assert text.startswith("1 of 2 files use redis-py: 3 names, 3 times\n\nruns as it is (3)\n  redis    ")
    assert f"redis.Redis.get    {app}/good.py:3" in text
    (tmp_path / "app" / "bad.py").write_text("import redis\nredis.Redis().sismember('a', 'b')\nredis.Redis()._inside\n")
    (tmp_path / "app" / "broken.py").write_text("import redis\nredis.(\n")
    assert main([app, "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["files"] == 4
    assert report["unread"] == {f"{app}/broken.py": "SyntaxError"}
    entries = {entry["name"]: entry for entry in report["uses"]}
    assert entries["redis"]["places"] == [f"{app}/bad.py:1", f"{app}/good.py:1"]
    assert entries["redis.Redis.sismember"]["page"] == "migrating.md#every-difference"
    assert entries["redis.Redis._inside"]["verdict"] == "private"
    assert main([str(tmp_path / "nowhere")]) == 2


def test_as_a_command(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("import redis\nredis.nonsense\n")
    done = subprocess.run(
        [sys.executable, "-m", "multiplexer.compat", "doctor", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "is not there (1)\n  redis.nonsense" in done.stdout


def test_the_documentation_has_every_difference() -> None:
    for name, difference in {**MEMBERS, **ARGUMENTS, **MODULES, "": PRIVATE}.items():
        page, _, anchor = difference.page.partition("#")
        text = (ROOT / "docs" / page).read_text(encoding="utf-8")
        assert re.search(rf"^#+ {anchor.replace('-', ' ')}$", text, re.MULTILINE | re.IGNORECASE), difference.page
        assert name in text, (name, page)


@pytest.mark.parametrize("name", [name for name, difference in ARGUMENTS.items() if difference.is_refused])
def test_what_is_said_to_be_refused_is(name: str) -> None:
    kind: Any = SSLConnection if name.startswith("ssl_") else Redis
    with pytest.raises(ConfigurationError, match=name):
        kind(**{name: object()})
