# Generated from tests/asyncio/commands/__init__.py by scripts/generate_blocking.py; change that file instead.
