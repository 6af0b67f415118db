"""Does calls on redis-py and on the façade, and compares what callers see and what the servers then hold."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import redis

from multiplexer import compat
from multiplexer.compat import exceptions
from tests.servers import RealServer

from .contents import fill
from .forms import Call, form, name_of


class Way(NamedTuple):
    """How calls are made.

    Attributes:
        protocol: Of the connections.
        decode: Whether results are text.
        lane: ``own`` connections or ``shared`` ones.
        world: ``blocking`` or ``asyncio``.
        together: ``alone``, ``pipeline`` or ``transaction``.
        family: Of results: ``legacy``, ``resp3`` or ``unified``.
    """

    protocol: int
    decode: bool
    lane: str
    world: str
    together: str
    family: str = "legacy"

    @property
    def options(self) -> dict[str, Any]:
        """What clients of both are told."""
        # Told of no protocol, they speak RESP3 and give results the form they have had under RESP2.
        named = None if self.protocol == 3 and self.family != "resp3" else self.protocol
        return {
            "protocol": named,
            "legacy_responses": self.family != "unified",
            "decode_responses": self.decode,
        }


def _stumbled(want: Any) -> bool:
    """Whether redis-py itself tripped over the reply: it has no answer then."""
    return isinstance(want, Exception) and not isinstance(want, redis.RedisError)


def _alike(call: Call, want: Any, got: Any) -> bool:
    if not isinstance(want, Exception):
        return form(call, want) == form(call, got)
    if _stumbled(want):
        return True
    # Caught by the same clauses; the façade keeps the error's code in its text, and keys and the like out of it.
    kinds = {kind.__name__ for kind in type(got).__mro__}
    said = str(got), re.sub(r"(^|caused error: )[A-Z]+ ", r"\1", str(got))
    patterns = [".*".join(map(re.escape, each.split("…"))) for each in said]
    return type(want).__name__ in kinds and any(re.fullmatch(each, str(want), re.DOTALL) for each in patterns)


def _is_known(call: Call, want: Any, got: Any, way: Way) -> bool:
    """Whether redis-py gives scores another type under the other protocol, which has them here."""
    if way.protocol != (2 if way.family == "unified" else 3):
        return False
    if name_of(call) == "ZADD":
        return bool(want == got)
    return name_of(call) in ("ZMPOP", "BZMPOP") and way.decode and way.family == "legacy"


def _alone(client: Any, calls: Sequence[Call]) -> list[Any]:
    results = []
    for call in calls:
        try:
            results.append(client.execute_command(*call))
        except Exception as error:
            results.append(error)
    return results


def _together(client: Any, calls: Sequence[Call], transaction: bool) -> list[Any]:
    with client.pipeline(transaction=transaction) as pipe:
        for call in calls:
            pipe.execute_command(*call)
        try:
            return list(pipe.execute(raise_on_error=False))
        except Exception as error:
            return [error]


def theirs(server: RealServer, calls: Sequence[Call], way: Way) -> list[Any]:
    """Do calls on redis-py."""
    fill(server)
    with redis.Redis(port=server.port, **way.options) as client:
        if way.together == "alone":
            return _alone(client, calls)
        return _together(client, calls, way.together == "transaction")


def ours(server: RealServer, calls: Sequence[Call], way: Way) -> list[Any]:
    """Do calls on the façade."""
    fill(server)
    options: dict[str, Any] = {
        "port": server.port,
        "multiplexed": way.lane == "shared",
        **way.options,
    }
    if way.world == "asyncio":
        return asyncio.run(_ours_asyncio(options, calls, way))
    with compat.Redis(**options) as client:
        if way.together == "alone":
            return _alone(client, calls)
        return _together(client, calls, way.together == "transaction")


async def _ours_asyncio(options: dict[str, Any], calls: Sequence[Call], way: Way) -> list[Any]:
    async with compat.asyncio.Redis(**options) as client:
        if way.together == "alone":
            results: list[Any] = []
            for call in calls:
                try:
                    results.append(await client.execute_command(*call))
                except Exception as error:
                    results.append(error)
            return results
        async with client.pipeline(transaction=way.together == "transaction") as pipe:
            for call in calls:
                pipe.execute_command(*call)
            try:
                return list(await pipe.execute(raise_on_error=False))
            except Exception as error:
                return [error]


def differences(pair: tuple[RealServer, RealServer], calls: Sequence[Call], way: Way) -> list[str]:
    """Do calls on both, and return in words what differs."""
    wanted, found = theirs(pair[0], calls, way), ours(pair[1], calls, way)
    if way.together != "alone" and any(_stumbled(want) for want in wanted):
        return []  # redis-py has no results of such a pipeline
    if way.together != "alone" and any(isinstance(got, exceptions.SharedConnectionError) for got in found):
        return []  # what would hold up all callers is refused, and so the pipeline with it
    told = [
        f"{call}: {form(call, want)} became {form(call, got)}"
        for call, want, got in zip(calls, wanted, found, strict=False)
        if not _alike(call, want, got) and not _is_known(call, want, got, way)
    ]
    if len(wanted) != len(found):
        told.append(f"{len(wanted)} results became {len(found)}")
    digests = [server.command("DEBUG", "DIGEST") for server in pair]
    if digests[0] != digests[1] and not told:
        told.append("the servers hold other things")
    return told
