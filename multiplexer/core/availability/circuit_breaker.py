"""Judges a deployment by what came of the latest commands."""

from __future__ import annotations

from collections import deque

from .group_options import GroupOptions


class CircuitBreaker:
    """Opens where too many of the latest commands failed, and closes once probes have succeeded again.

    It is fed from counters that are kept anyway, now and then, so that no command costs more for it. An error that a
    server answers with, such as WRONGTYPE, is no failure: the server is well.
    """

    def __init__(self, settings: GroupOptions) -> None:
        self._settings = settings
        self._samples: deque[tuple[float, int, int]] = deque()
        self._good_probes = 0
        self.is_open = False

    def sample(self, now: float, answered: int, failed: int) -> bool:
        """Count what came of commands since the last sample; return whether that opens it.

        Args:
            now: Time in seconds.
            answered: Commands that were answered.
            failed: Those that ended in an error which no server's reply brought.
        """
        samples = self._samples
        samples.append((now, answered, failed))
        while samples[0][0] < now - self._settings.window:
            samples.popleft()
        if self.is_open:
            return False
        bad = sum(sample[2] for sample in samples)
        every = bad + sum(sample[1] for sample in samples)
        if every < self._settings.least_outcomes or bad < self._settings.failure_share * every:
            return False
        self.open()
        return True

    def open(self) -> None:
        """Open it, whatever the traffic says."""
        self.is_open = True
        self._good_probes = 0

    def probed(self, good: bool) -> bool:
        """Take what a probe said while it is open; return whether that closes it: so many good ones in a row do."""
        if not self.is_open:
            return False
        self._good_probes = self._good_probes + 1 if good else 0
        if self._good_probes < self._settings.good_probes:
            return False
        self.close()
        return True

    def close(self) -> None:
        """Close it and forget what was counted."""
        self.is_open = False
        self._samples.clear()
        self._good_probes = 0
