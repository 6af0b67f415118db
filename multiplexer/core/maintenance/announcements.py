"""What servers announce of their maintenance, read with care: no push of theirs ends a connection.

========================================= ======================================================================
``MOVING seq seconds host:port``          the address goes away; where no other is named, resolve it anew
``MIGRATING seq seconds shards``          a part of the data is about to be moved
``MIGRATED seq shards``                   that is done
``FAILING_OVER seq seconds shards``       a replica is about to take over
``FAILED_OVER seq shards``                that is done
``SMIGRATING seq slots``                  slots of a cluster are about to move
``SMIGRATED seq [[from, to, slots], …]``  that is done
========================================= ======================================================================
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ..shapes import plain_text

#: Each kind that opens a window of time in which a server is slower than usual.
OPENING = frozenset(("MOVING", "MIGRATING", "FAILING_OVER", "SMIGRATING"))
#: Each kind that closes windows, and of which kind those are.
CLOSING = {"MIGRATED": "MIGRATING", "FAILED_OVER": "FAILING_OVER", "SMIGRATED": "SMIGRATING"}

_WITH_SECONDS = frozenset(("MOVING", "MIGRATING", "FAILING_OVER"))
#: More seconds than that are taken for so many: nobody announces for a longer time.
MOST_SECONDS = 3600.0


class Announcement(NamedTuple):
    """One announcement.

    Attributes:
        kind: Its first word.
        sequence: Its number: the same event is told over each connection. None where there is none.
        seconds: In how many seconds it is due, or 0.
        target: The new address, as the server wrote it; None where there is none.
    """

    kind: str
    sequence: int | None
    seconds: float
    target: str | None


def read(push: list[Any]) -> Announcement:
    """Read an announcement; what is missing or makes no sense is left out."""
    kind = plain_text(push[0])
    seconds = _number(push[2]) if kind in _WITH_SECONDS and len(push) > 2 else None
    target = push[3] if kind == "MOVING" and len(push) > 3 else None
    return Announcement(
        kind,
        _number(push[1]) if len(push) > 1 else None,
        min(max(float(seconds or 0), 0.0), MOST_SECONDS),
        _address(target),
    )


def _number(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        return None


def _address(value: Any) -> str | None:
    if not isinstance(value, bytes | str):
        return None
    text = plain_text(value)
    return None if text in ("", "null") else text
