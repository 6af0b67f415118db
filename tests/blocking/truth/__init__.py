# Generated from tests/asyncio/truth/__init__.py by scripts/generate_blocking.py; change that file instead.
"""The truth battery: whatever the network does, callers are told nothing that is not so."""
