"""The law of the counters: what was written was answered, or lost, or is still waited for."""

from __future__ import annotations

from collections.abc import Iterable

from multiplexer import ServerCounters


def unbalanced(counters: Iterable[ServerCounters], waiting: bool = True) -> list[str]:
    """Return the connections whose counters do not add up; there are none whenever nothing is just happening.

    Args:
        counters: Those of a multiplexer.
        waiting: Whether anything may still be waited for; not once the multiplexer is closed.
    """
    return [
        f"{server.endpoint} {each}"
        for server in counters
        for each in (server.interactive, server.subscription, server.leased)
        if each.unaccounted or not (waiting or each.sent_items_awaiting_response == 0)
    ]
