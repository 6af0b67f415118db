"""Callers whose histories are checked; see :mod:`tests.truth.history`."""
