"""Which of several databases is used."""

from __future__ import annotations

__all__ = ["DEFAULT_FAILOVER_ATTEMPTS", "DEFAULT_FAILOVER_DELAY", "WeightBasedFailoverStrategy"]

DEFAULT_FAILOVER_ATTEMPTS = 10
#: Seconds.
DEFAULT_FAILOVER_DELAY = 12


class WeightBasedFailoverStrategy:
    """Of the databases that are well, the one with the most weight. There is no other strategy."""
