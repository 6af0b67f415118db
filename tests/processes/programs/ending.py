"""Ends in the middle of things. Arguments: configuration, how (the name of a function below).

It prints a line as it begins to end; how long it takes from there, and what it leaves on the standard error output, is
for the test to judge.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import signal
import sys
import threading
import time
from typing import Any

import multiplexer.asyncio
from multiplexer import CommandFlags, ConnectionMultiplexer, RedisError
from multiplexer.errors import MultiplexerClosedError


def say(word: str = "ending") -> None:
    os.write(1, f"{word}\n".encode())


def call_for_ever(mux: ConnectionMultiplexer) -> None:
    db = mux.get_database(decode=True)
    number = 0
    try:
        while True:
            number += 1
            assert db.echo(str(number)) == str(number)
    except MultiplexerClosedError:
        pass


def busy(mux: ConnectionMultiplexer, daemon: bool = True) -> list[threading.Thread]:
    threads = [threading.Thread(target=call_for_ever, args=(mux,), daemon=daemon) for _ in range(6)]
    for thread in threads:
        thread.start()
    time.sleep(0.1)
    return threads


def daemon_threads_call(configuration: str) -> None:
    busy(ConnectionMultiplexer.connect(configuration))
    say()


def daemon_threads_wait_for_a_silent_server(configuration: str) -> None:
    mux = ConnectionMultiplexer.connect(configuration)
    pid = int(mux.get_server().info("server")["process_id"])
    os.kill(pid, signal.SIGSTOP)
    for _ in range(4):
        threading.Thread(target=mux.get_database().get, args=("key",), daemon=True).start()
    time.sleep(0.1)
    say()


def other_threads_finish_their_work(configuration: str) -> None:
    mux = ConnectionMultiplexer.connect(configuration)

    def work(name: str) -> None:
        db = mux.get_database(decode=True)
        time.sleep(0.05)  # the main thread has come to its end by now
        for number in range(100):
            assert db.echo(f"{name}-{number}") == f"{name}-{number}"
        say(f"{name} is done")

    for number in range(4):
        threading.Thread(target=work, args=(f"thread{number}",)).start()


def closed_at_exit(configuration: str) -> None:
    mux = ConnectionMultiplexer.connect(configuration)
    busy(mux)

    def at_exit() -> None:
        assert mux.get_database(decode=True).echo("at exit") == "at exit"
        mux.close()
        mux.close()
        say("closed")

    # Registered before any work, as an application does it; daemon threads call meanwhile.
    atexit.register(at_exit)


def first_used_at_exit(configuration: str) -> None:
    """The connection was lost before, so that threads must be started while the interpreter ends."""
    mux = ConnectionMultiplexer.connect(f"{configuration},allowAdmin=true")

    def at_exit() -> None:
        began = time.monotonic()
        try:
            mux.get_database().ping()
        except RedisError:
            pass
        assert time.monotonic() - began < 3
        mux.close()
        say("closed")

    atexit.register(at_exit)
    mux.get_server().execute("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")


def never_closed(configuration: str) -> None:
    mux = ConnectionMultiplexer.connect(configuration)
    assert mux.get_database().ping()
    say()


def never_closed_with_everything_on(configuration: str) -> None:
    mux = ConnectionMultiplexer.connect(configuration)
    mux.connection_failed.add(print)
    subscriber = mux.get_subscriber()
    subscriber.subscribe("news", handler=print)
    subscriber.subscribe("other")
    forgetful = mux.get_database().with_options(flags=CommandFlags.FIRE_AND_FORGET)
    for _ in range(2000):
        forgetful.incr("forgotten")
    say()


def never_connected(configuration: str) -> None:
    mux = ConnectionMultiplexer.connect("127.0.0.1:1,connectTimeout=300")
    threading.Thread(target=mux.get_database().get, args=("key",), daemon=True).start()
    time.sleep(0.05)
    say()


def sys_exit(configuration: str) -> None:
    busy(ConnectionMultiplexer.connect(configuration))
    say()
    sys.exit(3)


def an_error(configuration: str) -> None:
    with ConnectionMultiplexer.connect(configuration) as mux:
        busy(mux)
        say()
        sys.exit("the application's own error")


# -- asyncio ---------------------------------------------------------------------------------------------------


async def connect(configuration: str) -> Any:
    return await multiplexer.asyncio.ConnectionMultiplexer.connect(configuration)


def loop_ends_with_tasks_in_flight(configuration: str) -> None:
    async def call_for_ever(db: Any) -> None:
        while True:
            await db.echo("x")

    async def main() -> None:
        async with await connect(configuration) as mux:
            db = mux.get_database()
            tasks = [asyncio.create_task(call_for_ever(db)) for _ in range(20)]
            await asyncio.sleep(0.05)
            say()
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)

    asyncio.run(main(), debug=False)


def loop_ends_without_closing(configuration: str) -> None:
    async def call_for_ever(db: Any) -> None:
        while True:
            await db.echo("x")

    async def main() -> None:
        db = (await connect(configuration)).get_database()
        tasks = [asyncio.create_task(call_for_ever(db)) for _ in range(20)]
        waiting = [db.get("key") for _ in range(100)]
        await asyncio.sleep(0.05)
        say()
        assert tasks
        assert waiting

    asyncio.run(main(), debug=False)


def loop_ends_with_a_silent_server(configuration: str) -> None:
    async def main() -> None:
        mux = await connect(configuration)
        pid = int((await mux.get_server().info("server"))["process_id"])
        await (await mux.get_subscriber().subscribe("news")).unsubscribe()
        os.kill(pid, signal.SIGSTOP)
        waiting = [mux.get_database().get("key") for _ in range(10)]
        task = asyncio.create_task(asyncio.sleep(60))
        await asyncio.sleep(0.01)
        say()
        assert waiting
        assert task

    asyncio.run(main(), debug=False)


def loop_ends_while_connecting(configuration: str) -> None:
    async def main() -> None:
        mux = await connect("127.0.0.1:1,connectTimeout=300")
        waiting = mux.get_database().get("key")
        await asyncio.sleep(0.05)
        say()
        assert not waiting.done()

    asyncio.run(main(), debug=False)


def two_loops_in_a_row(configuration: str) -> None:
    async def main() -> None:
        mux = await multiplexer.asyncio.ConnectionMultiplexer.for_running_loop(configuration)
        assert await mux.get_database(decode=True).echo("x") == "x"
        await mux.aclose()

    for _ in range(3):
        asyncio.run(main(), debug=False)
    say()


if __name__ == "__main__":
    globals()[sys.argv[2]](sys.argv[1])
