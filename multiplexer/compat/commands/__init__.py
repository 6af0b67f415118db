"""Modules under the names they have in redis-py, for what programs import from there."""
