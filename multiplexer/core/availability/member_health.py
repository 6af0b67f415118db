"""Whether one deployment is well."""

from __future__ import annotations

from collections import deque

from .circuit_breaker import CircuitBreaker
from .group_options import GroupOptions

#: Most doublings of the time after which a member is used again that failed.
_MOST_DOUBLINGS = 5


class MemberHealth:
    """What is known of one deployment.

    Attributes:
        reason: Why it counts as lost, in words, or None while it is well.
        well_since: Since when nothing failed there, in seconds of the driver's clock.
    """

    def __init__(self, settings: GroupOptions, now: float) -> None:
        self._settings = settings
        self.breaker = CircuitBreaker(settings)
        self._probes: deque[bool] = deque(maxlen=settings.probes)
        self._unreachable: str | None = "not connected yet"
        self._flaps = 0
        self.reason: str | None = self._unreachable
        self.well_since = now

    @property
    def is_well(self) -> bool:
        """Whether commands may be sent there."""
        return self.reason is None

    def connection(self, now: float, unreachable: str | None, failed_connects: int) -> None:
        """Take what is known of its connections.

        Args:
            now: Time in seconds.
            unreachable: Why it cannot be reached, in words; None where it can.
            failed_connects: How many connections were not made, or soon lost again, in a row.
        """
        self._unreachable = unreachable
        if failed_connects >= self._settings.failed_connects and not self.breaker.is_open:
            self.breaker.open()
        self._judge(now)

    def traffic(self, now: float, answered: int, failed: int) -> None:
        """Take what came of commands since it was last asked for."""
        self.breaker.sample(now, answered, failed)
        if failed:
            self.well_since = now
        self._judge(now)

    def probed(self, now: float, outcome: bool | None) -> None:
        """Take what a probe said; None where it could not say."""
        if outcome is None:
            return
        self._probes.append(outcome)
        self.breaker.probed(outcome)
        self._judge(now)

    def give_up(self, now: float) -> None:
        """Take it for lost until probes are good again, whatever its traffic says."""
        self.breaker.open()
        self._judge(now)

    def reset(self, now: float) -> None:
        """Take it for well as far as it can be reached, and forget how often it failed."""
        self.breaker.close()
        self._probes.clear()
        self._flaps = 0
        self._judge(now)

    def may_return(self, now: float) -> bool:
        """Whether it has been well for long enough to be preferred to one that is in use and well."""
        delay = self._settings.failback_delay
        if delay is None or self.reason is not None:
            return False
        return now - self.well_since >= delay * self._patience(self._flaps - 1)

    @staticmethod
    def _patience(flaps: int) -> int:
        """By how much the wait before its return is longer than at first."""
        return 1 << max(0, min(flaps, _MOST_DOUBLINGS))

    def _judge(self, now: float) -> None:
        bad = sum(1 for good in self._probes if not good)
        if self._unreachable is not None:
            reason: str | None = self._unreachable
        elif self.breaker.is_open:
            reason = "too many of its latest commands or connections failed"
        elif bad >= self._settings.bad_probes:
            reason = f"{bad} of its last {len(self._probes)} probes failed"
        else:
            reason = None
        if (reason is None) != (self.reason is None):
            self._turned(now, reason)
        self.reason = reason

    def _turned(self, now: float, reason: str | None) -> None:
        delay = self._settings.failback_delay
        if reason is not None:
            settled = delay is not None and now - self.well_since >= delay * self._patience(self._flaps)
            self._flaps = 1 if settled else self._flaps + 1
        else:
            self._probes.clear()
        self.well_since = now
