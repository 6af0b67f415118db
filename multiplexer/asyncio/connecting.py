"""Connecting, which is awaited, or entered at once."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator
from contextlib import AbstractAsyncContextManager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Opened = TypeVar("Opened", bound=AbstractAsyncContextManager[Any])

if True:  # ASYNC

    class Connecting(Coroutine[Any, Any, Opened]):
        """A coroutine for something to enter: ``await it``, or ``async with it as …``, which leaves that again."""

        __slots__ = ("_coroutine", "_opened")

        def __init__(self, coroutine: Coroutine[Any, Any, Opened]) -> None:
            self._coroutine = coroutine

        def __await__(self) -> Generator[Any, Any, Opened]:
            return self._coroutine.__await__()

        def send(self, value: Any) -> Any:
            return self._coroutine.send(value)

        def throw(self, *error: Any) -> Any:
            return self._coroutine.throw(*error)

        def close(self) -> None:
            self._coroutine.close()

        async def __aenter__(self) -> Opened:
            self._opened = await self._coroutine
            await self._opened.__aenter__()
            return self._opened

        async def __aexit__(self, *exc_info: Any) -> None:
            await self._opened.__aexit__(*exc_info)

    def entered_at_once(
        function: Callable[Arguments, Coroutine[Any, Any, Opened]],
    ) -> Callable[Arguments, Connecting[Opened]]:
        """Let what a coroutine function returns be entered without being awaited first."""

        @wraps(function)
        def start(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Connecting[Opened]:
            return Connecting(function(*args, **kwargs))

        return start

else:

    def entered_at_once(function: Callable[Arguments, Opened]) -> Callable[Arguments, Opened]:
        """Return the function as it is: what it returns can be entered."""
        return function
