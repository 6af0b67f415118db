"""The pages that are open, and what each has still to be sent."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping

__all__ = ["MOST_PAGES", "MOST_WAITING", "Feed", "Page"]

#: Pages that may be open at the same time.
MOST_PAGES = 100
#: Events that wait for one page at most; of more the oldest are dropped.
MOST_WAITING = 4


class Page:
    """An open page.

    Attributes:
        process: Name of the process it shows, or empty for all.
    """

    def __init__(self, process: str) -> None:
        self.process = process
        self._waiting: asyncio.Queue[bytes] = asyncio.Queue(MOST_WAITING)

    def put(self, event: bytes) -> None:
        """Have an event sent; one that takes nothing loses the oldest."""
        if self._waiting.full():
            self._waiting.get_nowait()
        self._waiting.put_nowait(event)

    async def take(self) -> bytes:
        """Wait for the next event."""
        return await self._waiting.get()


class Feed:
    """Hands each page what it is to show. Everything happens in one event loop."""

    def __init__(self) -> None:
        self._pages: set[Page] = set()

    @property
    def is_full(self) -> bool:
        """Whether there is no room for one more."""
        return len(self._pages) >= MOST_PAGES

    def join(self, process: str) -> Page:
        """Return a new page."""
        page = Page(process)
        self._pages.add(page)
        return page

    def leave(self, page: Page) -> None:
        """Forget a page."""
        self._pages.discard(page)

    def wanted(self) -> Iterable[str]:
        """Return what is shown by some page: names of processes, or empty for all."""
        return {page.process for page in tuple(self._pages)}

    def publish(self, events: Mapping[str, bytes]) -> None:
        """Hand out what is new, by the name of the process it is about."""
        for page in self._pages:
            if page.process in events:
                page.put(events[page.process])
