"""Flask-Caching: views, functions and values kept in Redis."""

from __future__ import annotations

import sys

from flask import Flask
from flask_caching import Cache

from .common import check_facade, until


def main(url: str) -> None:
    app = Flask(__name__)
    cache = Cache(app, config={"CACHE_TYPE": "RedisCache", "CACHE_REDIS_URL": url, "CACHE_KEY_PREFIX": "web:"})
    calls: list[int] = []

    @app.route("/")
    @cache.cached(timeout=60)
    def page() -> str:
        calls.append(1)
        return f"page {len(calls)}"

    @cache.memoize(60)
    def square(n: int) -> int:
        calls.append(n)
        return n * n

    client = app.test_client()
    assert [client.get("/").text for _ in range(3)] == ["page 1"] * 3
    with app.app_context():
        check_facade(cache.cache._write_client)
        assert [square(7), square(7), square(8)] == [49, 49, 64]
        assert calls == [1, 7, 8]
        cache.delete_memoized(square, 7)
        assert square(7) == 49
        assert calls == [1, 7, 8, 7]
        cache.set("value", {"a": 1}, timeout=1)
        assert cache.get("value") == {"a": 1}
        assert cache.has("value")
        until(lambda: cache.get("value") is None, 5)
        assert cache.set_many({"a": 1, "b": 2})
        assert cache.get_many("a", "b", "c") == [1, 2, None]
        assert cache.get_dict("a", "b") == {"a": 1, "b": 2}
        assert cache.add("a", 5) is False
        assert cache.cache.inc("n", 3) == 3
        assert cache.cache.unlink("n") == 1
        assert cache.delete_many("a", "b")
        assert cache.clear()
        assert cache.get("a") is None


if __name__ == "__main__":
    main(sys.argv[1])
