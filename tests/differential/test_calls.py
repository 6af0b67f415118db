"""Whatever is called, and in whatever way, the façade's results and effects are redis-py's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from multiplexer.core.commands.command_table import COMMANDS
from tests.servers import KINDS, RealServer, require_kind
from tests.servers.packages import require_redis_py

from .drawing import Argument, call_of, calls, described
from .left_out import LEFT_OUT

_ENABLED = ["enable-debug-command yes"]
EXAMPLES = 2
#: The protocol, the lane and the family of results that each command is called with.
EACH = [
    *((protocol, lane, "legacy") for protocol in (2, 3) for lane in ("own", "shared")),
    (3, "own", "resp3"),
    (3, "shared", "unified"),
    (2, "own", "unified"),
]
_REUSES = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


class Pair(NamedTuple):
    """Two servers of a kind, and the commands they describe."""

    servers: tuple[RealServer, RealServer]
    commands: Mapping[str, tuple[str, list[Argument]]]


@pytest.fixture(scope="module", params=KINDS)
def pair(request: pytest.FixtureRequest) -> Iterator[Pair]:
    require_redis_py()
    require_kind(request.param)
    import redis

    with (
        RealServer.start(request.param, config=_ENABLED) as one,
        RealServer.start(request.param, config=_ENABLED) as two,
    ):
        with redis.Redis(port=one.port, protocol=3) as client:
            docs = client.execute_command("COMMAND DOCS")
        yield Pair((one, two), described(docs))


def _differences(pair: Pair, done: list[Any], way: Any) -> list[str]:
    from .comparing import differences

    return differences(pair.servers, done, way)


@st.composite
def ways(draw: Any) -> Any:
    from .comparing import Way

    def one_of(*choices: Any) -> Any:
        return draw(st.sampled_from(choices))

    protocol = one_of(2, 3)
    return Way(
        protocol,
        one_of(False, True),
        one_of("own", "shared"),
        one_of("blocking", "asyncio"),
        one_of("alone", "pipeline", "transaction"),
        one_of("legacy", "unified", *(("resp3",) if protocol == 3 else ())),
    )


def test_every_command_is_compared_or_says_why_not(pair: Pair) -> None:
    known = {name for name in COMMANDS if name in pair.commands}
    assert len(known - set(LEFT_OUT)) > 200
    assert not set(LEFT_OUT) - set(COMMANDS), "left out, and not in the command table"
    assert not set(pair.commands) - set(COMMANDS), "described by the server, and not in the command table"


@pytest.mark.parametrize(("protocol", "lane", "family"), EACH)
def test_each_command(pair: Pair, protocol: int, lane: str, family: str) -> None:
    from .comparing import Way

    names = sorted(set(pair.commands) - set(LEFT_OUT))
    different: dict[str, None] = {}

    @settings(max_examples=EXAMPLES, database=None, phases=[Phase.generate], suppress_health_check=_REUSES)
    @given(st.data(), st.booleans(), st.sampled_from(["blocking", "asyncio"]))
    def one_of_each(data: Any, decode: bool, world: str) -> None:
        done = [call_of(data.draw, name, pair.commands) for name in names]
        different.update(dict.fromkeys(_differences(pair, done, Way(protocol, decode, lane, world, "alone", family))))

    one_of_each()
    assert not different, "\n".join(different)


@pytest.mark.chance
def test_calls_one_after_the_other(pair: Pair) -> None:
    @settings(max_examples=150, suppress_health_check=_REUSES)
    @given(st.lists(calls(pair.commands), min_size=1, max_size=12), ways())
    def all_alike(done: list[Any], way: Any) -> None:
        assert not _differences(pair, done, way)

    all_alike()
