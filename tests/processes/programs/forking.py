"""Forks a process that holds a multiplexer; ends with code 0 where parents and children all did well.

Arguments: configuration, what to try (the name of a function below).
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable
from functools import partial

import multiplexer.asyncio
from multiplexer import CommandFlags, ConnectionMultiplexer, compat
from multiplexer.compat.cache import LocalCache
from multiplexer.compat.machinery import installation
from multiplexer.core import chance
from multiplexer.errors import WrongLoopError
from multiplexer.pools.blocking import credentials

# Newer Pythons warn of every fork of a process with threads, which is what is tried here.
warnings.filterwarnings("ignore", "This process.*multi-threaded", DeprecationWarning)


def in_child(work: Callable[[], None]) -> int:
    """Fork; let the child do some work and end. Returns its process id."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        work()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def check(pid: int) -> None:
    """Wait for a child."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            assert os.waitstatus_to_exitcode(status) == 0, f"a child ended with {os.waitstatus_to_exitcode(status)}"
            return
        time.sleep(0.002)
    os.kill(pid, 9)
    os.waitpid(pid, 0)
    raise AssertionError("a child hung")


def talk(mux: ConnectionMultiplexer, name: str, times: int = 50) -> None:
    """Make calls and look at their replies."""
    db = mux.get_database(decode=True)
    for number in range(times):
        assert db.echo(f"{name}-{number}") == f"{name}-{number}"


def sockets(mux: ConnectionMultiplexer) -> int:
    return mux.get_counters()[0].interactive.socket_count


def both_go_on(configuration: str) -> None:
    """Parent and child call by turns and at once; the child closes; the parent keeps its connection."""
    with ConnectionMultiplexer.connect(configuration) as mux:
        mine = mux.get_database().client_id()
        go_on, end = os.pipe(), os.pipe()

        def child() -> None:
            talk(mux, "child")
            assert mux.get_database().client_id() != mine
            os.write(go_on[1], b"x")
            os.read(end[0], 1)
            talk(mux, "child again")
            mux.close()

        pid = in_child(child)
        talk(mux, "parent", 300)
        os.read(go_on[0], 1)
        talk(mux, "parent again", 300)
        os.write(end[1], b"x")
        check(pid)
        talk(mux, "parent at last")
        assert mux.get_database().client_id() == mine
        assert sockets(mux) == 1


def calls_in_flight(configuration: str) -> None:
    """Fork again and again while threads call, write large values and forget: each child starts afresh."""
    with ConnectionMultiplexer.connect(configuration) as mux:
        mine = mux.get_database().client_id()
        ended = threading.Event()
        failures: list[BaseException] = []

        def call(name: str) -> None:
            db = mux.get_database()
            forgetful = db.with_options(flags=CommandFlags.FIRE_AND_FORGET)
            value = name.encode() * 40_000
            try:
                while not ended.is_set():
                    talk(mux, name, 5)
                    db.set(name, value)
                    assert db.get(name) == value
                    forgetful.incr("forgotten")
            except BaseException as error:
                failures.append(error)

        threads = [threading.Thread(target=call, args=(f"thread{number}",)) for number in range(4)]
        for thread in threads:
            thread.start()

        def child(number: int) -> None:
            talk(mux, f"child{number}", 10)
            done = mux.get_counters()[0].interactive
            assert (done.unaccounted, done.socket_count) == (0, 1), done
            assert 10 <= done.operation_count < 15, done  # a heartbeat may have asked something

        for number in range(25):
            check(in_child(partial(child, number)))
        ended.set()
        for thread in threads:
            thread.join(10)
            assert not thread.is_alive()
        assert not failures, failures
        assert mux.get_database().client_id() == mine
        assert sockets(mux) == 1


def threads_in_the_child(configuration: str) -> None:
    """The child's own threads share its one connection, and its heart and its handlers run."""
    with ConnectionMultiplexer.connect(configuration) as mux:

        def child() -> None:
            said = threading.Event()
            mux.error_message.add(lambda event: said.set())
            db = mux.get_database()
            db.set("text", "x")
            db.with_options(flags=CommandFlags.FIRE_AND_FORGET).incr("text")
            assert said.wait(5)
            threads = [threading.Thread(target=talk, args=(mux, f"child{number}")) for number in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(10)
                assert not thread.is_alive()
            assert sockets(mux) == 1  # its own: what is the parent's it does not count
            assert "multiplexer-heartbeat" in [thread.name for thread in threading.enumerate()]

        check(in_child(child))


def subscriptions(configuration: str) -> None:
    """Each side has its own subscriptions; none takes the other's messages."""
    with ConnectionMultiplexer.connect(configuration) as mux:
        subscriber = mux.get_subscriber()
        subscription = subscriber.subscribe("news")

        def child() -> None:
            own = subscriber.subscribe("child")
            subscriber.publish("child", "to myself")
            assert own.get(5).data == b"to myself"
            # What it inherited is subscribed again on its own connection.
            assert subscriber.subscribe("news").topics == subscription.topics
            subscriber.publish("news", "to all")
            assert subscription.get(5).data == b"to all"

        check(in_child(child))
        assert subscription.get(5).data == b"to all"
        subscriber.publish("news", "after")
        assert subscription.get(5).data == b"after"


def handlers(configuration: str) -> None:
    """A child handles its own messages, though a thread of its parent had the handler, and none of its parent's."""
    with ConnectionMultiplexer.connect(configuration) as mux:
        subscriber = mux.get_subscriber()
        entered, go_on = threading.Event(), threading.Event()
        seen: list[bytes] = []

        def handle(publication: multiplexer.Publication) -> None:
            entered.set()
            if publication.data == b"first":
                assert go_on.wait(20)
            seen.append(publication.data)

        def until_seen(*messages: bytes) -> None:
            deadline = time.monotonic() + 10
            while seen != list(messages):
                assert time.monotonic() < deadline, seen
                time.sleep(0.002)

        subscriber.subscribe("news", handler=handle)
        subscriber.publish("news", "first")
        assert entered.wait(10)
        subscriber.publish("news", "second")

        def child() -> None:
            subscriber.subscribe("news")  # returns once the child is subscribed
            subscriber.publish("news", "third")
            until_seen(b"third")

        check(in_child(child))
        assert seen == []
        go_on.set()
        until_seen(b"first", b"second", b"third")


def while_another_thread_imports(configuration: str) -> None:
    """What the package imports late is imported as a whole before a fork: half of it would be locked in the child."""
    begun = threading.Event()

    class SlowFinder:
        @staticmethod
        def find_spec(name: str, path: object = None, target: object = None) -> None:
            if name == "random" and threading.current_thread() is not threading.main_thread():
                begun.set()
                time.sleep(0.3)  # the module is locked meanwhile

    with ConnectionMultiplexer.connect(configuration) as mux:
        sys.modules.pop("random", None)
        sys.meta_path.insert(0, SlowFinder())
        thread = threading.Thread(target=chance.fraction)
        thread.start()
        assert begun.wait(10)
        check(in_child(lambda: mux.get_subscriber().subscribe("news").unsubscribe()))  # chooses a server by chance
        thread.join(10)
        assert not thread.is_alive()


def locks_of_the_facade(configuration: str) -> None:
    """What another of the parent's threads holds at the fork is free in the child, and its cache is empty."""
    host, _, port = configuration.partition(",")[0].partition(":")
    client = compat.Redis(host, int(port), single_connection_client=True)
    listener = client.pubsub()
    listener.subscribe("news")
    cache = LocalCache(10, 0)
    cache.set("GET k", b"v", ["k"])
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        locks = (cache._lock, listener._lock, client.single_connection_lock, credentials._LOCK, installation._lock)
        with contextlib.ExitStack() as stack:
            for lock in locks:
                stack.enter_context(lock)
            held.set()
            release.wait(30)

    def child() -> None:
        assert len(cache) == 0
        cache.set("GET k", b"w", ["k"])
        provider = StreamingProvider()
        credentials.follow(provider, provider)
        assert not compat.is_installed()
        assert client.single_connection_lock.acquire(timeout=0)
        assert listener._lock.acquire(timeout=0)

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(10)
    try:
        check(in_child(child))
    finally:
        release.set()
        thread.join(10)
    assert cache.get("GET k") == b"v"
    client.close()


class StreamingProvider:
    """Has callers told of new credentials, of which there are none."""

    def on_next(self, call: object) -> None:
        pass

    def on_error(self, call: object) -> None:
        pass


def grandchildren(configuration: str) -> None:
    with ConnectionMultiplexer.connect(configuration) as mux:

        def child() -> None:
            check(in_child(lambda: talk(mux, "grandchild, before its parent")))
            talk(mux, "child")
            check(in_child(lambda: talk(mux, "grandchild")))
            talk(mux, "child again")

        check(in_child(child))
        talk(mux, "parent")


def _in_pool(word: str) -> str:
    assert _shared is not None
    return str(_shared.get_database(decode=True).echo(word))


_shared: ConnectionMultiplexer | None = None


def pool(configuration: str) -> None:
    """A multiplexer made before ``multiprocessing`` forked its workers, which end as processes usually do."""
    global _shared
    with ConnectionMultiplexer.connect(configuration) as _shared:
        context = multiprocessing.get_context("fork")
        talk(_shared, "parent")
        with context.Pool(3) as workers:
            assert workers.map(_in_pool, list(map(str, range(60)))) == list(map(str, range(60)))
            talk(_shared, "parent meanwhile")
            workers.close()
            workers.join()
        process = context.Process(target=talk, args=(_shared, "process"))
        process.start()
        process.join(10)
        assert process.exitcode == 0


def event_loop(configuration: str) -> None:
    """The child of an asyncio program runs a loop of its own, and is refused what belongs to its parent's."""

    async def parent() -> None:
        async with await multiplexer.asyncio.ConnectionMultiplexer.connect(configuration) as mux:
            db = mux.get_database(decode=True)
            mine = await db.client_id()
            waiting = [db.echo(str(number)) for number in range(100)]

            async def child() -> None:
                batch = db.batch()
                batch.echo("x")
                for call in (lambda: db.echo("x"), batch.execute):
                    try:
                        await call()
                    except WrongLoopError:
                        continue
                    raise AssertionError("the parent's multiplexer was used in the child")
                own = await multiplexer.asyncio.ConnectionMultiplexer.for_running_loop(configuration)
                assert own is not mux
                own_db = own.get_database(decode=True)
                assert await own_db.client_id() != mine
                replies = await asyncio.gather(*[own_db.echo(f"child-{number}") for number in range(100)])
                assert replies == [f"child-{number}" for number in range(100)]
                await own.aclose()

            pid = in_child(lambda: asyncio.run(child(), debug=False))
            assert await asyncio.gather(*waiting) == list(map(str, range(100)))
            await asyncio.to_thread(check, pid)
            assert await db.echo("after") == "after"
            assert await db.client_id() == mine

    asyncio.run(parent(), debug=False)


def survived_by_its_child(configuration: str) -> None:
    """The server sees a connection end although the child of its process lives on."""
    with ConnectionMultiplexer.connect(configuration) as other:
        mux = ConnectionMultiplexer.connect(configuration)
        mine = str(mux.get_database().client_id())
        end = os.pipe()
        pid = in_child(lambda: bool(os.read(end[0], 1)))
        mux.close()
        deadline = time.monotonic() + 5
        while any(client["id"] == mine for client in other.get_server().client_list()):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        os.write(end[1], b"x")
        check(pid)


if __name__ == "__main__":
    {
        function.__name__: function
        for function in (
            both_go_on,
            calls_in_flight,
            threads_in_the_child,
            subscriptions,
            handlers,
            while_another_thread_imports,
            locks_of_the_facade,
            grandchildren,
            pool,
            event_loop,
            survived_by_its_child,
        )
    }[sys.argv[2]](sys.argv[1])
