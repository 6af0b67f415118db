"""dramatiq: workers in processes of their own, results, failures, retries, delays, groups and a rate limiter."""

from __future__ import annotations

import os
import sys

import pytest

from .common import RUN_AS_EVER, check_facade, running


def main(url: str) -> None:
    os.environ["ACCEPTANCE_URL"] = url
    import dramatiq
    from dramatiq.results import ResultFailure, ResultMissing

    from . import dramatiq_tasks as tasks

    check_facade(tasks.broker.client)
    check_facade(tasks.results.client)
    waiting = tasks.add.send(1, 2)
    with pytest.raises(ResultMissing):
        waiting.get_result()
    with running(*RUN_AS_EVER, "dramatiq", tasks.__name__, "--processes", "1", "--threads", "2"):
        assert waiting.get_result(block=True, timeout=30_000) == 3
        assert tasks.library.send().get_result(block=True, timeout=20_000).startswith("multiplexer.")
        assert tasks.unsteady.send().get_result(block=True, timeout=20_000) == 3
        with pytest.raises(ResultFailure, match="on purpose"):
            tasks.fail.send().get_result(block=True, timeout=20_000)
        assert tasks.add.send_with_options(args=(3, 4), delay=300).get_result(block=True, timeout=20_000) == 7
        several = dramatiq.group([tasks.add.message(n, n) for n in range(3)]).run()
        assert len(list(several.get_results(block=True, timeout=20_000))) == 3
        chain = tasks.add.message(1, 1) | tasks.add.message(10)
        assert chain.run().get_result(block=True, timeout=20_000) == 12
    tasks.broker.flush_all()


if __name__ == "__main__":
    main(sys.argv[1])
