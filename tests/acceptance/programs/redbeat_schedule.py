"""celery-redbeat: entries of a schedule that lives in the server, and a scheduler that sends what is due."""

from __future__ import annotations

import sys
from datetime import timedelta

from .common import check_origin, until

# isort: split
import redis
from celery import Celery
from celery.schedules import schedule
from redbeat import RedBeatSchedulerEntry
from redbeat.schedulers import RedBeatScheduler, acquire_distributed_beat_lock, get_redis


def main(url: str) -> None:
    app = Celery("redbeat", broker=url.partition("?")[0])
    app.conf.redbeat_redis_url = url
    app.conf.redbeat_lock_timeout = 30
    app.conf.beat_schedule = {"static": {"task": "tasks.static", "schedule": timedelta(hours=1)}}
    client = get_redis(app)
    check_origin(client)
    entry = RedBeatSchedulerEntry("tick", "tasks.tick", schedule(timedelta(seconds=0.2)), args=[1], app=app).save()
    assert RedBeatSchedulerEntry.from_key(entry.key, app=app).args == [1]
    scheduler = RedBeatScheduler(app=app)
    acquire_distributed_beat_lock(type("Service", (), {"scheduler": scheduler})())
    assert client.get(scheduler.lock_key)
    assert "static" in client.smembers(app.redbeat_conf.statics_key)
    broker = redis.Redis.from_url(url)

    def sent() -> bool:
        scheduler.tick()
        return bool(broker.llen("celery") >= 2)

    until(sent)
    entry.delete()
    assert not client.exists(entry.key)
    scheduler.close()
    assert not client.exists(scheduler.lock_key)
    broker.close()


if __name__ == "__main__":
    main(sys.argv[1])
