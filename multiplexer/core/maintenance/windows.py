"""The time in which a server is being maintained: who has set no timeout of their own wait longer meanwhile."""

from __future__ import annotations

from .announcements import CLOSING, OPENING, Announcement

#: Seconds after which a window counts as closed though nobody has said so.
LONGEST = 60.0


class Windows:
    """The windows of one server, told apart by their numbers, as several may be open at once.

    The same event is told over each connection, and one of them may be read late: what was closed is not opened again.
    """

    def __init__(self) -> None:
        #: When each was opened, and when it counts as closed.
        self._open: dict[tuple[str, int | None], tuple[float, float]] = {}
        self._closed: dict[str, tuple[int, float]] = {}

    def take(self, said: Announcement, now: float) -> bool:
        """Take an announcement; return whether it was news.

        Args:
            said: The announcement.
            now: Time of the driver's clock.
        """
        if said.kind in CLOSING:
            return self._close(CLOSING[said.kind], said.sequence, now)
        if said.kind not in OPENING or self._was_closed(said.kind, said.sequence, now):
            return False
        key = said.kind, said.sequence
        self._forget(now)
        if key in self._open:
            return False
        self._open = {**self._open, key: (now, now + min(said.seconds or LONGEST, LONGEST))}  # others read it
        return True

    def close(self, said: Announcement, now: float) -> None:
        """What was announced has come to its end, though the server will not say so."""
        self._close(said.kind, said.sequence, now)

    def _close(self, kind: str, sequence: int | None, now: float) -> bool:
        """Close the windows of a kind up to a number, or all of them."""
        before = self._open
        self._open = {key: times for key, times in before.items() if key[0] != kind or not _covers(sequence, key[1])}
        if sequence is None:
            return len(self._open) < len(before)
        is_new = not self._was_closed(kind, sequence, now)
        self._closed[kind] = sequence, now
        return is_new

    def _was_closed(self, kind: str, sequence: int | None, now: float) -> bool:
        last, at = self._closed.get(kind, (-1, now))
        # Not for ever: a server that was started anew may count from the beginning.
        return sequence is not None and sequence <= last and now - at < LONGEST

    def _forget(self, now: float) -> None:
        self._open = {key: times for key, times in self._open.items() if times[1] > now}

    def open_ones(self, now: float) -> list[str]:
        """Return what is going on, such as ``MIGRATING 7``."""
        going_on = [key for key, (_, until) in self._open.items() if until > now]
        return [kind if sequence is None else f"{kind} {sequence}" for kind, sequence in going_on]

    def opened_at(self, now: float) -> float | None:
        """Return when the latest of those that are open was opened, or None where none is."""
        return max([began for began, until in self._open.values() if until > now], default=None)


def _covers(last: int | None, sequence: int | None) -> bool:
    """Whether what closes windows up to a number closes that of another; what has none is about all."""
    return last is None or sequence is None or sequence <= last
