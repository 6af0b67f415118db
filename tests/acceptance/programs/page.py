"""A page of the documentation with examples that need more than a server: other packages, or the modules.

The examples run in their order. After the last of those that need more, what they define is tried.

Arguments: the page's name, host:port of a server.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.docs.examples import ROOT, Page, examples

#: The application whose tests are the examples of two pages.
SHOP = """
def visit(db, name):
    return db.incr(f"visits:{name}")

def place_order(db, name):
    db.rpush(f"orders:{name}", "tea")

def orders(db, name):
    return db.llen(f"orders:{name}")
"""


def fastapi(names: dict[str, Any]) -> None:
    from fastapi.testclient import TestClient

    with TestClient(names["app"]) as client:
        assert client.get("/visits/ada").json() == 2
        assert client.get("/ready").json() is True
        response = client.get("/visits/full")
        assert response.json() == 1

        async def fail(*args: object) -> int:
            raise names["RedisTimeoutError"]("late")

        names["visit"] = fail
        response = client.get("/visits/ada")
        assert (response.status_code, response.headers["Retry-After"]) == (503, "1")


def gunicorn(names: dict[str, Any]) -> None:
    client = names["app"].test_client()
    assert client.get("/visits/grace").json == 1

    def fail(name: str) -> int:
        raise names["RedisConnectionError"]("away")

    names["visit"] = fail
    response = client.get("/visits/ada")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "1")

    import django
    from django.conf import settings

    settings.configure(CACHES=names["CACHES"], SESSION_ENGINE=names["SESSION_ENGINE"])
    django.setup()
    from django.contrib.sessions.backends.cache import SessionStore
    from django.core.cache import cache

    cache.set("a", {"b": 1})
    assert cache.get("a") == {"b": 1}
    session = SessionStore()
    session["name"] = "ada"
    session.save()
    assert SessionStore(session.session_key)["name"] == "ada"


def workers(names: dict[str, Any]) -> None:
    assert names["visit"].apply(args=("grace",)).get() == 1
    assert names["visit"].apply(args=("grace",)).get() == 2


def frameworks(names: dict[str, Any]) -> None:
    import redis

    assert redis.Redis.__module__.startswith("multiplexer.compat")


def modules(names: dict[str, Any]) -> None:
    assert names["document"].name == "Ada"


CHECKS: dict[str, Callable[[dict[str, Any]], None]] = {
    check.__name__: check for check in (fastapi, gunicorn, workers, frameworks, modules)
}


def run_as_tests(page: Path) -> None:
    """Run a page's examples that are tests as an application's."""
    Path("shop.py").write_text(SHOP)
    found = [example for example in examples(page, every=True) if "def test_" in example.code]
    for number, example in enumerate(found):
        Path(f"test_{number}.py").write_text(example.code)
    assert found
    subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"], check=True)


def main(name: str, address: str) -> None:
    page = ROOT / "docs" / f"{name}.md"
    if name not in CHECKS:
        run_as_tests(page)
        return
    running = Page(address)
    found, with_less = examples(page, every=True), examples(page)
    last = [example for example in found if example not in with_less][-1]
    try:
        for example in found:
            running.run(example)
            if example == last:
                CHECKS[name](running.names)
    finally:
        running.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
