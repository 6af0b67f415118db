# Generated from multiplexer/asyncio/cluster_batch.py by scripts/generate_blocking.py; change that file instead.
"""Sends a batch in a cluster: to every server its part, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic
from typing import TYPE_CHECKING, Any

from ..core.cluster.splitting import in_batch_order, refused, split
from ..core.commands.batching import Queued
from ..core.types import Payload
from ..errors import RedisError

if TYPE_CHECKING:
    from .handle import Handle


def send_split(
    handle: Handle[Any], queued: Sequence[Queued[Any]], payloads: Sequence[Payload], loads: Sequence[Payload]
) -> list[Any]:
    """Send commands to the servers their keys belong to and return their raw replies, in the order of the calls.

    What a server refuses because its slot has moved, or is on its way, is sent again by itself; commands for one
    server keep their order.

    Args:
        handle: Whose batch it is.
        queued: The commands.
        payloads: The commands as they are sent.
        loads: What every server must be sent first: the scripts the batch calls.

    Raises:
        RedisError: Nothing was sent: a command cannot be.
    """
    handle = handle.limited()
    options = handle._options
    deadline = monotonic() + (options.timeout or handle._driver.timeout)
    parts = split(handle._strategy, options, queued, payloads, loads)
    replies = in_batch_order(parts, handle._send_units(parts, deadline), len(queued))
    for part in parts:
        for index in refused(part, replies):
            try:
                replies[index] = handle._send_member(
                    queued[index].command, payloads[index], replies[index], part.bridge, deadline
                )
            except RedisError as error:
                replies[index] = error
    return replies
