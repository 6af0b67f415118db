"""huey: a consumer with results, failures, priorities, delays, pipelines of tasks and locks."""

from __future__ import annotations

import os
import sys

import pytest

from .common import RUN, check_facade, running


def main(url: str) -> None:
    os.environ["ACCEPTANCE_URL"] = url
    from huey.exceptions import TaskException

    from . import huey_tasks as tasks

    check_facade(tasks.huey.storage.conn)
    check_facade(tasks.huey.storage.pool)
    waiting = [tasks.add(1, 2), tasks.add(3, 4, priority=10)]
    assert tasks.huey.pending_count() == 2
    first = tasks.huey.dequeue()
    assert first.args == (3, 4)  # by its priority
    tasks.huey.enqueue(first)

    with running(*RUN, "huey_consumer", f"{tasks.__name__}.huey", "-w", "2", "-d", "0.05", "-q"):
        assert [result.get(blocking=True, timeout=20) for result in waiting] == [3, 7]
        assert tasks.library().get(blocking=True, timeout=20).startswith("multiplexer.")
        failing, later, locked = tasks.fail(), tasks.add.schedule((5, 6), delay=1), tasks.locked()
        chain = tasks.huey.enqueue(tasks.add.s(1, 1).then(tasks.add, 10))
        assert [result.get(blocking=True, timeout=20) for result in chain] == [2, 12]
        with pytest.raises(TaskException, match="on purpose"):
            failing.get(blocking=True, timeout=20)
        assert locked.get(blocking=True, timeout=20) == "done"
        assert later.get(blocking=True, timeout=20) == 11
        assert int(tasks.huey.storage.conn.get("failures")) >= 1
    tasks.huey.flush()
    assert tasks.huey.storage.conn.keys("huey.*") == []


if __name__ == "__main__":
    main(sys.argv[1])
