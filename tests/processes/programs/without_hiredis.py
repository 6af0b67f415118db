"""Uses both worlds and pools in a process that has no hiredis, or does not want it, and reports what it read, as JSON.

Arguments: host, port.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys

if not os.environ.get("MULTIPLEXER_NO_HIREDIS"):
    sys.modules["hiredis"] = None  # type: ignore[assignment]  # importing it fails

import multiplexer
import multiplexer.asyncio
from multiplexer.pools import Connection, DefaultParser, PythonParser


async def in_asyncio(configuration: str) -> list[object]:
    async with await multiplexer.asyncio.ConnectionMultiplexer.connect(configuration) as mux:
        db = mux.get_database()
        return [await db.set("key", "a" * 50_000), len(await db.get("key") or b""), await db.incr("n")]


def in_threads(configuration: str) -> list[object]:
    with multiplexer.ConnectionMultiplexer.connect(configuration) as mux:
        db = mux.get_database(decode=True)
        subscription = mux.get_subscriber().subscribe("news")
        db.publish("news", "hello")
        heard = subscription.get(5).data.decode()
        return [db.hset("hash", mapping={"a": 1, "b": 2.5}), db.hgetall("hash"), heard]


def in_pools(host: str, port: str) -> list[object]:
    connection = Connection(host=host, port=int(port), decode_responses=True)
    connection.send_command("MGET", "n", "missing")
    reply = connection.read_response()
    connection.disconnect()
    return [DefaultParser is PythonParser, reply]


def main(host: str, port: str) -> None:
    configuration = f"{host}:{port}"
    replies = [asyncio.run(in_asyncio(configuration)), in_threads(configuration), in_pools(host, port)]
    print(json.dumps({"replies": replies, "imported": sys.modules.get("hiredis") is not None}))


if __name__ == "__main__":
    main(*sys.argv[1:])
