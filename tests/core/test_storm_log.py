"""What was outstanding when timeouts began to pile up."""

from __future__ import annotations

from multiplexer.core.diagnosis.storm_log import STORM_MESSAGES, STORM_THRESHOLD, StormLog
from multiplexer.errors import RedisTimeoutError

from .engine import Remembering, established

ERROR = RedisTimeoutError("GET timed out")


def test_a_few_outstanding_commands_are_no_storm() -> None:
    made, _ = established()
    made.backlog.extend(Remembering("GET", "key") for _ in range(STORM_THRESHOLD - 1))
    log = StormLog()
    log.note(made, ERROR)
    assert log.text is None


def test_a_storm_lists_what_was_sent_before_what_was_queued_without_values() -> None:
    made, up = established()
    made.backlog.extend(Remembering("SET", "key", "secret") for _ in range(STORM_THRESHOLD))
    up.take(made.backlog, 1.0)
    made.backlog.append(Remembering("INCR", "key", database=3))
    log = StormLog()
    log.note(made, ERROR)
    assert log.text is not None
    lines = log.text.splitlines()
    assert lines[0] == f"{STORM_THRESHOLD + 1} commands outstanding at server:6379: GET timed out"
    assert lines[1] == "  sent SET db=0"
    assert lines[-1] == "  queued INCR db=3"
    assert "secret" not in log.text


def test_the_first_storm_is_kept_until_it_is_cleared() -> None:
    made, _ = established()
    made.backlog.extend(Remembering("GET", "key") for _ in range(STORM_THRESHOLD))
    log = StormLog()
    log.note(made, ERROR)
    first = log.text
    made.backlog.append(Remembering("GET", "key"))
    log.note(made, ERROR)
    assert log.text == first
    log.clear()
    log.note(made, ERROR)
    assert log.text is not None
    assert log.text != first


def test_a_long_storm_is_cut() -> None:
    made, up = established()
    for _ in range(2):
        made.backlog.extend(Remembering("GET", "key") for _ in range(STORM_MESSAGES))
        up.take(made.backlog, 1.0)
    log = StormLog()
    log.note(made, ERROR)
    assert log.text is not None
    assert len(log.text.splitlines()) == STORM_MESSAGES + 1
