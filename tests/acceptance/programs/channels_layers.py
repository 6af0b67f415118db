"""channels_redis: both channel layers, with groups, several loops, and Channels' own consumers."""

from __future__ import annotations

import asyncio
import sys

import pytest

from .common import check_facade

# isort: split
from asgiref.sync import async_to_sync
from channels.exceptions import ChannelFull
from channels_redis.core import RedisChannelLayer
from channels_redis.pubsub import RedisPubSubChannelLayer


async def queues(url: str) -> None:
    layer = RedisChannelLayer(hosts=[url], capacity=3)
    check_facade(layer.connection(0))
    channel = await layer.new_channel()
    await layer.send(channel, {"type": "hello", "n": 1})
    assert await layer.receive(channel) == {"type": "hello", "n": 1}
    waiting = asyncio.create_task(layer.receive(channel))
    await layer.group_add("group", channel)
    await layer.group_send("group", {"type": "to all"})
    assert await asyncio.wait_for(waiting, 10) == {"type": "to all"}
    await layer.group_discard("group", channel)
    await layer.group_send("group", {"type": "to nobody"})
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(layer.receive(channel), 0.2)
    for _ in range(3):
        await layer.send("full", {"type": "one more"})
    with pytest.raises(ChannelFull):
        await layer.send("full", {"type": "one too many"})
    await layer.flush()
    await layer.close_pools()


async def publishing(url: str) -> None:
    layer, other = (RedisPubSubChannelLayer(hosts=[url]) for _ in range(2))
    mine, theirs = await layer.new_channel(), await other.new_channel()
    await layer.send(theirs, {"type": "hello"})
    assert await asyncio.wait_for(other.receive(theirs), 10) == {"type": "hello"}
    await layer.group_add("group", mine)
    await other.group_add("group", theirs)
    await layer.group_send("group", {"type": "to all"})
    assert await asyncio.wait_for(layer.receive(mine), 10) == {"type": "to all"}
    assert await asyncio.wait_for(other.receive(theirs), 10) == {"type": "to all"}
    await layer.group_discard("group", mine)
    await layer.flush()
    await other.flush()


def from_threads(url: str) -> None:
    """Views that know nothing of asyncio use one layer from a new loop each time."""
    layer = RedisChannelLayer(hosts=[url])
    for n in range(3):
        async_to_sync(layer.send)("sync", {"type": "hello", "n": n})
    for n in range(3):
        assert async_to_sync(layer.receive)("sync")["n"] == n


def main(url: str) -> None:
    asyncio.run(queues(url))
    asyncio.run(publishing(url))
    from_threads(url)


if __name__ == "__main__":
    main(sys.argv[1])
