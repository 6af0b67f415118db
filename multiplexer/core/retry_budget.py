"""How often a server is asked again for what it has lost."""

from __future__ import annotations

#: Part of what is sent that may be sent again more than once.
SHARE = 0.1
#: The same each second, however little is sent, and the most that adds up.
EACH_SECOND = 10.0
MOST = 1000.0


class RetryBudget:
    """Bounds what is sent again over and over, so that a sick server is not asked three times as often as others.

    To send something again once is free: a connection was lost, and with it everything that was under way. Each further
    time it has to be there: a tenth of what is sent, saved up to a bound.
    """

    def __init__(self, now: float) -> None:
        self._left = MOST
        self._counted = 0
        self._counted_at = now

    def allows(self, attempts: int, sent: int, now: float) -> bool:
        """Whether something may be sent again; counts it.

        Args:
            attempts: How often it was sent again before.
            sent: How many commands the connection's counters say were sent.
            now: Time of the driver's clock.
        """
        if attempts < 1:
            return True
        earned = SHARE * max(sent - self._counted, 0) + EACH_SECOND * max(now - self._counted_at, 0.0)
        self._left = min(self._left + earned, MOST)
        self._counted, self._counted_at = sent, now
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True
