"""rq: a worker forks for each job; results, failures, retries, scheduled and dependent jobs."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

from .common import RUN, check_facade, running, until

# isort: split
from redis import Redis
from rq import Queue, Retry, Worker
from rq.command import send_shutdown_command
from rq.job import JobStatus
from rq.registry import FailedJobRegistry, FinishedJobRegistry, ScheduledJobRegistry

from .jobs import add, fail, library, whoami


def burst(url: str) -> None:
    subprocess.run([*RUN, "rq", "worker", "--burst", "--url", url], check=True, timeout=30)


def main(url: str) -> None:
    connection = Redis.from_url(url)
    check_facade(connection)
    queue = Queue(connection=connection)
    first, where = queue.enqueue(add, 1, 2), queue.enqueue(whoami)
    failing = queue.enqueue(fail, retry=Retry(max=1))
    after = queue.enqueue(add, 3, 4, depends_on=first)
    client = queue.enqueue(library)
    assert queue.count == 4
    assert after.get_status() is JobStatus.DEFERRED
    burst(url)
    assert first.return_value() == 3
    assert after.return_value() == 7
    assert client.return_value().startswith("multiplexer.")
    assert where.get_status(refresh=True) is JobStatus.FINISHED
    assert failing.get_status(refresh=True) is JobStatus.FAILED
    assert "on purpose" in failing.latest_result().exc_string
    assert FailedJobRegistry(queue=queue).get_job_ids() == [failing.id]
    assert {first.id, where.id, after.id, client.id} == set(FinishedJobRegistry(queue=queue).get_job_ids())

    later = queue.enqueue_in(timedelta(seconds=1), add, 5, 6)
    assert later.id in ScheduledJobRegistry(queue=queue)
    with running(*RUN, "rq", "worker", "--with-scheduler", "--url", url) as process:
        until(lambda: later.return_value() == 11)
        (worker,) = Worker.all(connection=connection)
        assert worker.pid == process.pid
        send_shutdown_command(connection, worker.name)  # through the worker's subscription
        assert process.wait(20) == 0
    assert where.return_value() not in (None, process.pid)


if __name__ == "__main__":
    main(sys.argv[1])
