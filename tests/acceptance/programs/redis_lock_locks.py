"""python-redis-lock: locks that are taken, waited for, renewed, and reset."""

from __future__ import annotations

import sys
import threading
import time

import pytest

from .common import check_facade, until

# isort: split
import redis
import redis_lock


def main(url: str) -> None:
    client = redis.StrictRedis.from_url(url)
    check_facade(client)
    lock = redis_lock.Lock(client, "report", expire=10)
    with lock:
        other = redis_lock.Lock(client, "report", expire=10)
        assert not other.acquire(blocking=False)
        assert other.get_owner_id() == lock.id
        with pytest.raises(redis_lock.AlreadyAcquired):
            lock.acquire()
        lock.extend(20)
        assert 10 < client.ttl("lock:report") <= 20
        waiting = threading.Thread(target=other.acquire)
        waiting.start()
        time.sleep(0.1)  # so that it waits, most likely; it gets the lock in any case
    waiting.join(10)
    assert other.locked()
    other.release()
    with pytest.raises(redis_lock.NotAcquired):
        other.release()
    with redis_lock.Lock(client, "long", expire=1, auto_renewal=True) as renewed:
        until(lambda: client.pttl("lock:long") < 500)
        until(lambda: client.pttl("lock:long") > 500)
        assert renewed.get_owner_id() == renewed.id
    redis_lock.Lock(client, "left").acquire()
    redis_lock.reset_all(client)
    assert redis_lock.Lock(client, "left").acquire(blocking=False)
    client.close()


if __name__ == "__main__":
    main(sys.argv[1])
