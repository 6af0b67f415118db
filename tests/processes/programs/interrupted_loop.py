"""Presses Ctrl-C again and again in an event loop, which breaks off wherever it is and goes on; reports as JSON.

Arguments: address, interrupts.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

from multiplexer.asyncio import ConnectionMultiplexer
from multiplexer.errors import RedisConnectionError, RedisTimeoutError

from .interrupted import Interrupter


def main() -> None:
    address, interrupts = sys.argv[1], int(sys.argv[2])
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda loop, context: None)  # a task that Ctrl-C fell into says so when it is forgotten
    mux = loop.run_until_complete(ConnectionMultiplexer.connect(f"{address},asyncTimeout=2000"))
    db = mux.get_database(decode=True)
    wrong: list[str] = []
    calls = failed = rounds = 0
    longest = 0.0

    async def call(word: str) -> None:
        nonlocal calls, failed, longest
        began = time.monotonic()
        try:
            reply = await db.echo(word)
            if reply != word:
                wrong.append(f"{reply} for {word}")
        except (RedisConnectionError, RedisTimeoutError):
            failed += 1
        longest = max(longest, time.monotonic() - began)
        calls += 1

    async def round_of_calls(number: int) -> None:
        await asyncio.gather(*[call(f"{number}-{place}") for place in range(40)])

    interrupter = Interrupter(interrupts, 0.006)
    interrupter.thread.start()
    while True:
        try:
            interrupter.armed = True
            while interrupter.thread.is_alive():
                rounds += 1
                loop.run_until_complete(round_of_calls(rounds))
            break
        except KeyboardInterrupt:
            interrupter.felt += 1
        except RuntimeError as error:
            # A round that was broken off before stops the loop as it ends in this one.
            if "stopped before" not in str(error):
                raise
    recovered = False
    began = time.monotonic()
    while not recovered and time.monotonic() - began < 20:
        number, before = calls, failed
        try:
            loop.run_until_complete(call("back"))
        except RuntimeError:
            continue
        recovered = calls > number and failed == before
    report = {
        "felt": interrupter.felt,
        "calls": calls,
        "failed": failed,
        "wrong": wrong[:5],
        "longest": longest,
        "recovered": recovered,
        "sockets": mux.get_counters()[0].interactive.socket_count,
    }
    loop.run_until_complete(mux.aclose())
    print(json.dumps(report))


if __name__ == "__main__":
    main()
