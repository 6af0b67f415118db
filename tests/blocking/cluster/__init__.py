# Generated from tests/asyncio/cluster/__init__.py by scripts/generate_blocking.py; change that file instead.
