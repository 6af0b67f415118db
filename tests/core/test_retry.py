"""Back-offs and retries: the formulas, their bounds, and what is tried again."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multiplexer.configuration import DEFAULT_RECONNECT_BACKOFF
from multiplexer.errors import ConfigurationError, RedisConnectionError, RedisTimeoutError, ResponseError
from multiplexer.retry import (
    AbstractBackoff,
    AsyncRetry,
    ConstantBackoff,
    DecorrelatedJitterBackoff,
    EqualJitterBackoff,
    ExponentialBackoff,
    ExponentialWithJitterBackoff,
    FullJitterBackoff,
    LinearBackoff,
    NoBackoff,
    Retry,
    default_backoff,
)

GROWING = [
    DecorrelatedJitterBackoff,
    EqualJitterBackoff,
    ExponentialBackoff,
    ExponentialWithJitterBackoff,
    FullJitterBackoff,
    LinearBackoff,
]


def test_fixed_formulas():
    assert [NoBackoff().compute(n) for n in (1, 2, 9)] == [0, 0, 0]
    assert [ConstantBackoff(1.5).compute(n) for n in (1, 2, 9)] == [1.5, 1.5, 1.5]
    assert [LinearBackoff(cap=1.0, base=0.25).compute(n) for n in (1, 2, 3, 4, 5)] == [0.25, 0.5, 0.75, 1.0, 1.0]
    assert [ExponentialBackoff(cap=1.0, base=0.125).compute(n) for n in (1, 2, 3, 4)] == [0.25, 0.5, 1.0, 1.0]


def test_arguments_may_be_positional_cap_first():
    assert ExponentialBackoff(1.0, 0.125).compute(1) == 0.25
    assert ExponentialBackoff().compute(100) == 0.512


@pytest.mark.parametrize("kind", GROWING)
@given(failures=st.integers(0, 10**30), cap=st.floats(0, 1e9), base=st.floats(0, 1e9))
def test_every_wait_is_between_zero_and_the_cap(kind, failures, cap, base):
    assert 0 <= kind(cap=cap, base=base).compute(failures) <= cap


def spread(backoff: AbstractBackoff, failures: int) -> tuple[float, float]:
    waits = []
    for _ in range(2000):
        backoff.reset()
        waits.append(backoff.compute(failures))
    return min(waits), max(waits)


@pytest.mark.parametrize(
    ("backoff", "low", "high"),
    [
        (FullJitterBackoff(cap=100, base=1), 0, 2),
        (EqualJitterBackoff(cap=100, base=1), 1, 2),
        (ExponentialWithJitterBackoff(cap=100, base=1), 0, 2),
        (DecorrelatedJitterBackoff(cap=100, base=1), 1, 3),
        (DEFAULT_RECONNECT_BACKOFF, 0, 0.1),
    ],
)
def test_already_the_first_wait_is_random_over_its_whole_range(backoff, low, high):
    least, most = spread(backoff, 1)
    assert low <= least < low + (high - low) * 0.05
    assert high - (high - low) * 0.05 < most <= high


def test_waits_of_the_default_for_reconnecting_grow_to_one_second():
    least, most = spread(DEFAULT_RECONNECT_BACKOFF, 500)
    assert least < 0.15
    assert 0.95 < most <= 1.0


def test_decorrelated_waits_remember_the_one_before_until_reset():
    backoff = DecorrelatedJitterBackoff(cap=1e6, base=1)
    previous = 1.0
    for failures in range(1, 20):
        wait = backoff.compute(failures)
        assert 1 <= wait <= previous * 3
        previous = wait
    backoff.reset()
    assert backoff.compute(1) <= 3


def test_a_clone_is_independent():
    backoff = DecorrelatedJitterBackoff(cap=1e9, base=1)
    for failures in range(40):
        backoff.compute(failures)
    clone = backoff.clone()
    assert clone == backoff
    assert clone.compute(1) <= 3
    before = backoff._previous
    clone.compute(2)
    assert backoff._previous == before


def test_equality_hash_and_repr():
    assert FullJitterBackoff(1, 2) == FullJitterBackoff(1, 2)
    assert FullJitterBackoff(1, 2) != EqualJitterBackoff(1, 2)
    assert FullJitterBackoff(1, 2) != FullJitterBackoff(1, 3)
    assert NoBackoff() == ConstantBackoff(0)
    assert len({FullJitterBackoff(1, 2), FullJitterBackoff(1, 2), NoBackoff(), ConstantBackoff(0)}) == 2
    assert repr(LinearBackoff(2, 1)) == "LinearBackoff(cap=2.0, base=1.0)"
    assert repr(NoBackoff()) == "NoBackoff()"
    assert default_backoff() == EqualJitterBackoff()


@pytest.mark.parametrize("bad", [-1, float("nan"), float("inf"), "1", None, True])
def test_a_senseless_duration_is_refused_by_name(bad):
    with pytest.raises(ConfigurationError, match="backoff"):
        ConstantBackoff(bad)
    with pytest.raises(ConfigurationError, match="cap"):
        FullJitterBackoff(cap=bad)
    with pytest.raises(ConfigurationError, match="base"):
        FullJitterBackoff(base=bad)


class Failing:
    """An operation that fails a number of times."""

    def __init__(self, times: int, error: type[Exception] = RedisConnectionError) -> None:
        self.times = times
        self.error = error
        self.calls = 0
        self.failures: list[tuple[object, ...]] = []

    def __call__(self) -> str:
        self.calls += 1
        if self.calls <= self.times:
            raise self.error("no")
        return "done"

    async def coroutine(self) -> str:
        return self()

    def fail(self, *args: object) -> None:
        self.failures.append(args)

    async def fail_coroutine(self, *args: object) -> None:
        self.failures.append(args)


async def run(world: str, retry_args: tuple[object, ...], operation: Failing, **options: object) -> str:
    if world == "blocking":
        return Retry(*retry_args).call_with_retry(operation, operation.fail, **options)
    fail = operation.fail if world == "asyncio" else operation.fail_coroutine
    return await AsyncRetry(*retry_args).call_with_retry(operation.coroutine, fail, **options)


worlds = pytest.mark.parametrize("world", ["blocking", "asyncio", "asyncio with async fail"])


@worlds
async def test_tries_again_until_it_succeeds(world):
    operation = Failing(3)
    assert await run(world, (NoBackoff(), 3), operation) == "done"
    assert operation.calls == 4
    assert [len(args) for args in operation.failures] == [1, 1, 1]


@worlds
async def test_gives_up_after_the_given_number(world):
    operation = Failing(99)
    with pytest.raises(RedisConnectionError):
        await run(world, (NoBackoff(), 3), operation)
    assert operation.calls == 4
    assert len(operation.failures) == 4


@worlds
async def test_negative_means_for_ever(world):
    operation = Failing(500)
    assert await run(world, (NoBackoff(), -1), operation) == "done"


@worlds
async def test_zero_means_once(world):
    operation = Failing(1)
    with pytest.raises(RedisConnectionError):
        await run(world, (NoBackoff(), 0), operation)
    assert operation.calls == 1


@worlds
@pytest.mark.parametrize("error", [RedisConnectionError, RedisTimeoutError, TimeoutError])
async def test_connection_errors_and_timeouts_are_retried(world, error):
    assert await run(world, (NoBackoff(), 1), Failing(1, error)) == "done"


@worlds
async def test_other_errors_are_raised_at_once(world):
    operation = Failing(1, ResponseError)
    with pytest.raises(ResponseError):
        await run(world, (NoBackoff(), 3), operation)
    assert operation.calls == 1
    assert operation.failures == []


@worlds
async def test_supported_errors_can_be_chosen(world):
    assert await run(world, (NoBackoff(), 1, (ResponseError,)), Failing(1, ResponseError)) == "done"
    with pytest.raises(RedisConnectionError):
        await run(world, (NoBackoff(), 1, (ResponseError,)), Failing(1))


@worlds
async def test_is_retryable_may_veto(world):
    operation = Failing(1)
    with pytest.raises(RedisConnectionError):
        await run(world, (NoBackoff(), 3), operation, is_retryable=lambda error: False)
    assert operation.failures == []


@worlds
async def test_fail_may_ask_for_the_count(world):
    operation = Failing(2)
    await run(world, (NoBackoff(), 2), operation, with_failure_count=True)
    assert [args[1] for args in operation.failures] == [1, 2]


@worlds
async def test_it_waits_between_attempts(world):
    started = time.monotonic()
    await run(world, (ConstantBackoff(0.02), 2), Failing(2))
    assert time.monotonic() - started >= 0.04


def test_settings_of_a_retry():
    retry = Retry(NoBackoff(), 3)
    assert retry.get_retries() == 3
    retry.update_retries(5)
    assert retry == Retry(NoBackoff(), 5)
    assert retry != AsyncRetry(NoBackoff(), 5)
    assert hash(retry) == hash(Retry(NoBackoff(), 5))
    retry.update_supported_errors([ResponseError])
    assert retry != Retry(NoBackoff(), 5)
    assert retry.call_with_retry(Failing(1, ResponseError), lambda error: None) == "done"
    assert repr(retry) == "Retry(NoBackoff(), 5)"


def test_import_and_blocking_use_need_no_asyncio():
    program = """
import sys
from multiplexer.retry import FullJitterBackoff, Retry
attempts = iter([TimeoutError(), None])
def do():
    error = next(attempts)
    if error: raise error
Retry(FullJitterBackoff(0.001, 0.001), 1).call_with_retry(do, lambda error: None)
assert "asyncio" not in sys.modules, "asyncio"
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=30)
