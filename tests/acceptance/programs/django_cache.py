"""django-redis, and the Redis cache that Django brings: values, limits in time, patterns, locks, sessions."""

from __future__ import annotations

import sys
from typing import Any

import django
from django.conf import settings

from .common import check_facade, until

_OPTIONS = {"CLIENT_CLASS": "django_redis.client.DefaultClient"}


def configure(url: str) -> None:
    own = {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": url, "KEY_PREFIX": "own"}
    hiredis = {
        "PARSER_CLASS": "redis.connection._HiredisParser",
        "COMPRESSOR": "django_redis.compressors.zlib.ZlibCompressor",
    }
    settings.configure(
        CACHES={
            "default": {**own, "OPTIONS": _OPTIONS},
            "json": {
                **own,
                "OPTIONS": {**_OPTIONS, **hiredis, "SERIALIZER": "django_redis.serializers.json.JSONSerializer"},
            },
            "sharded": {
                "BACKEND": "django_redis.cache.RedisCache",
                "LOCATION": [url, url.replace("/0", "/1")],
                "OPTIONS": {"CLIENT_CLASS": "django_redis.client.ShardClient"},
            },
            "django": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url, "KEY_PREFIX": "its"},
        },
        SESSION_ENGINE="django.contrib.sessions.backends.cache",
        INSTALLED_APPS=["django.contrib.sessions"],
        USE_TZ=True,
    )
    django.setup()


def every_cache(cache: Any) -> None:
    cache.set("a", {"b": [1, 2]}, 60)
    assert cache.get("a") == {"b": [1, 2]}
    assert cache.add("a", 1) is False
    assert cache.get("nothing", "default") == "default"
    cache.set_many({"x": 1, "y": "text"})
    assert cache.get_many(["x", "y", "z"]) == {"x": 1, "y": "text"}
    assert cache.incr("x", 4) == 5
    assert cache.decr("x") == 4
    assert cache.touch("x", 100)
    assert "x" in cache
    cache.set("brief", 1, 0.05 if hasattr(cache, "pttl") else 1)
    until(lambda: cache.get("brief") is None, 5)
    assert cache.delete("a")
    assert not cache.delete("a")
    assert cache.delete_many(["x", "y"]) in (2, None)
    assert cache.get_or_set("made", lambda: 7) == 7


def django_redis(cache: Any) -> None:
    from django_redis import get_redis_connection

    check_facade(get_redis_connection("default"))
    cache.set("timed", 1, timeout=50)
    assert 0 < cache.ttl("timed") <= 50
    assert 49_000 < cache.pttl("timed") <= 50_000
    assert cache.persist("timed")
    assert cache.ttl("timed") is None
    assert cache.expire("timed", 10)
    assert cache.set("timed", 2, nx=True) is not True
    cache.set_many({f"pattern-{n}": n for n in range(50)})
    assert sorted(cache.keys("pattern-4*"))[:2] == ["pattern-4", "pattern-40"]
    assert len(list(cache.iter_keys("pattern-*", itersize=7))) == 50
    assert cache.delete_pattern("pattern-*", itersize=10) == 50
    with cache.lock("work", timeout=10) as lock:
        assert lock.owned()
        assert not cache.lock("work", timeout=10, blocking=False).acquire()
    cache.sadd("set", 1, 2)
    assert cache.smembers("set") == {1, 2}
    cache.hset("hash", "field", [1])
    assert cache.hkeys("hash") == ["field"]
    assert cache.hlen("hash") == 1
    cache.zadd("sorted", {"one": 1, "two": 2})
    assert cache.zrange("sorted", 0, -1, withscores=True) == [("one", 1.0), ("two", 2.0)]
    cache.clear()
    assert cache.get("timed") is None


def main(url: str) -> None:
    configure(url)
    from django.contrib.sessions.backends.cache import SessionStore
    from django.core.cache import caches

    for name in ("default", "json", "django"):
        every_cache(caches[name])
    check_facade(caches["django"]._cache.get_client())
    django_redis(caches["default"])
    sharded = caches["sharded"]
    sharded.set_many({f"key-{n}": n for n in range(20)})
    assert sharded.get_many([f"key-{n}" for n in range(20)]) == {f"key-{n}": n for n in range(20)}
    session = SessionStore()
    session["user"] = 7
    session.save()
    assert SessionStore(session.session_key)["user"] == 7
    caches.close_all()


if __name__ == "__main__":
    main(sys.argv[1])
