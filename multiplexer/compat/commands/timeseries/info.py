"""What servers tell about time series."""

from __future__ import annotations

from ....core.results.time_series import TimeSeriesInfo as TSInfo

__all__ = ["TSInfo"]
