"""New credentials of a streaming provider, passed on to everybody who holds connections made with it."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from typing import Any

from ...core.logging import logger
from ...drivers.at_fork import free_in_child

if True:  # ASYNC
    import asyncio
    from concurrent.futures import Future

#: Guards who follows whom: pools are made, and providers call, in any thread.
_LOCK = free_in_child(threading.Lock())


class _Followers:
    """All who follow one provider, held weakly; it is told of this object alone."""

    def __init__(self) -> None:
        self._members: weakref.WeakSet[Any] = weakref.WeakSet()

    def add(self, follower: Any) -> None:
        """Add one who is to hear of new credentials."""
        with _LOCK:
            self._members.add(follower)

    def _all(self) -> list[Any]:
        with _LOCK:
            return list(self._members)

    if True:  # ASYNC

        def on_next(self, token: Any) -> asyncio.Future[Any] | None:
            """Have all authenticate with a token, each in its own event loop.

            It may be called from any thread.

            Returns:
                In an event loop, something that may be awaited and is done when all have.
            """
            futures = []
            for follower in self._all():
                loop = follower.event_loop()
                if loop is not None and not loop.is_closed():  # else it has no connection
                    future = asyncio.run_coroutine_threadsafe(follower.re_auth_callback(token), loop)
                    future.add_done_callback(_report)
                    futures.append(future)
            try:
                asyncio.get_running_loop()
            except RuntimeError:
                return None
            return asyncio.gather(*map(asyncio.wrap_future, futures), return_exceptions=True)

    else:

        def on_next(self, token: Any) -> None:
            """Have all authenticate with a token; it may be called from any thread."""
            for follower in self._all():
                try:
                    follower.re_auth_callback(token)
                except Exception as error:
                    _warn(error)

    def on_error(self, error: Exception) -> None:
        """Say that the provider could not get new credentials."""
        logger().warning("the credential provider has no new credentials: %s", error)


_FOLLOWERS: weakref.WeakKeyDictionary[Any, _Followers] = weakref.WeakKeyDictionary()


def follow(provider: Any, follower: Any) -> None:
    """Have a streaming provider's new credentials handed to ``follower`` for as long as that lives.

    Of several followers each is told, also by providers that keep a single callback.

    Args:
        provider: A credential provider; one that does not stream is left alone.
        follower: Has ``re_auth_callback(token)``, and for asyncio ``event_loop()``, where that is to be called, or
            None for not at all.
    """
    on_next: Callable[[Any], Any] | None = getattr(provider, "on_next", None)
    if on_next is None:
        return
    with _LOCK:
        followers = _FOLLOWERS.get(provider)
        is_new = followers is None
        if followers is None:
            followers = _FOLLOWERS[provider] = _Followers()
    followers.add(follower)
    if is_new:
        on_next(followers.on_next)
        provider.on_error(followers.on_error)


def _warn(error: BaseException) -> None:
    logger().warning("new credentials were refused: %s", error)


if True:  # ASYNC

    def _report(future: Future[Any]) -> None:
        error = None if future.cancelled() else future.exception()
        if error is not None:
            _warn(error)
