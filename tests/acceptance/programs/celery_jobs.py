"""Celery with kombu's Redis transport and the Redis result backend: forked workers, chords, retries, remote control."""

from __future__ import annotations

import os
import sys

import pytest

from .common import RUN_AS_EVER, check_facade, running, until


def main(url: str) -> None:
    os.environ["ACCEPTANCE_URL"] = url
    from celery import chain, chord, group

    from . import celery_tasks as tasks

    app = tasks.app
    check_facade(app.backend.client)
    with app.connection_for_write() as connection:
        check_facade(connection.default_channel.client)
    command = ("-A", tasks.__name__, "worker", "--concurrency=2", "--pool=prefork", "--loglevel=WARNING")
    with running(*RUN_AS_EVER, "celery", *command) as worker:
        assert tasks.add.delay(1, 2).get(timeout=30) == 3
        assert tasks.library.delay().get(timeout=20).startswith("multiplexer.")
        assert chain(tasks.add.s(1, 1), tasks.add.s(10))().get(timeout=20) == 12
        assert group(tasks.add.s(n, n) for n in range(5))().get(timeout=20) == [0, 2, 4, 6, 8]
        assert chord([tasks.add.s(n, n) for n in range(5)], tasks.total.s())().get(timeout=20) == 20
        assert tasks.unsteady.delay("attempts").get(timeout=20) == 3
        assert tasks.process.delay().get(timeout=20) not in (worker.pid, os.getpid())
        with pytest.raises(ZeroDivisionError, match="on purpose"):
            tasks.fail.delay().get(timeout=20)
        assert tasks.add.apply_async((5, 6), countdown=0.5).get(timeout=20) == 11
        assert tasks.add.apply_async((7, 8), priority=9).get(timeout=20) == 15
        assert app.control.ping(timeout=1)[0].popitem()[1] == {"ok": "pong"}  # through the fanout exchange
        never = tasks.add.apply_async((1, 1), countdown=600)
        until(lambda: any((app.control.inspect(timeout=0.5).scheduled() or {}).values()))
        never.revoke()
        until(lambda: any((app.control.inspect(timeout=0.5).revoked() or {}).values()))
    assert app.backend.client.keys("results-*")


if __name__ == "__main__":
    main(sys.argv[1])
