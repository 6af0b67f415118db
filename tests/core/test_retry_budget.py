"""A sick server is not asked three times as often: what is sent again over and over has a budget."""

from __future__ import annotations

from multiplexer.core.retry_budget import EACH_SECOND, MOST, SHARE, RetryBudget
from multiplexer.errors import RedisConnectionError
from multiplexer.retry import ConstantBackoff

from .engine import Remembering, bridge, connection


def spent(now: float = 0.0) -> RetryBudget:
    budget = RetryBudget(now)
    assert all(budget.allows(1, 0, now) for _ in range(int(MOST)))
    assert not budget.allows(1, 0, now)
    return budget


def test_once_is_free():
    assert spent().allows(0, 0, 0.0)


def test_a_tenth_of_what_is_sent_may_be_sent_again_and_again():
    budget = spent()
    assert sum(budget.allows(2, 5000, 0.0) for _ in range(2000)) == 5000 * SHARE


def test_so_may_a_few_each_second():
    budget = spent()
    assert sum(budget.allows(1, 0, 3.0) for _ in range(100)) == 3 * EACH_SECOND


def test_what_is_saved_is_bounded():
    budget = RetryBudget(0.0)
    assert sum(budget.allows(1, 10**9, 10.0**6) for _ in range(5000)) == MOST


def test_counters_that_begin_anew_give_nothing():
    budget = spent()
    budget.allows(1, 5000, 0.0)
    assert sum(budget.allows(1, 10, 0.0) for _ in range(2000)) <= 5000 * SHARE


def lose_again_and_again(times: int, count: int, **options: object) -> list[Remembering]:
    """Lose a connection with so many reads under way, each time they were sent again; return those that failed."""
    made = bridge(reconnect_backoff=ConstantBackoff(0.0))
    messages = [Remembering("GET", "k") for _ in range(count)]
    for message in messages:
        message.options = message.options.replace(**options)
    made.backlog.extend(messages)
    for _ in range(times):
        up = connection()
        made.established(up, 1.0)
        up.take(made.backlog, 1.0)
        for message, error in made.lost(RedisConnectionError("lost"), 1.0):
            message.finish(error)
    return [message for message in messages if message.replies_given]


def test_all_that_a_lost_connection_carried_is_sent_again():
    assert lose_again_and_again(1, 3000) == []


def test_over_and_over_only_what_can_be_afforded():
    failed = len(lose_again_and_again(2, 3000))
    earned = 6000 * SHARE  # both times all were sent
    assert 3000 - MOST - earned <= failed <= 3000 - MOST


def test_who_asks_for_more_gets_more():
    assert lose_again_and_again(3, 3000, retry=ConstantBackoff(0.1)) == []
