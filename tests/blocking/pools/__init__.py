# Generated from tests/asyncio/pools/__init__.py by scripts/generate_blocking.py; change that file instead.
