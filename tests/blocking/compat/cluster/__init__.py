# Generated from tests/asyncio/compat/cluster/__init__.py by scripts/generate_blocking.py; change that file instead.
