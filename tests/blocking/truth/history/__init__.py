# Generated from tests/asyncio/truth/history/__init__.py by scripts/generate_blocking.py; change that file instead.
"""Callers whose histories are checked; see :mod:`tests.truth.history`."""
