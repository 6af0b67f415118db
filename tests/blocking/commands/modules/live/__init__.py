# Generated from tests/asyncio/commands/modules/live/__init__.py by scripts/generate_blocking.py; change that file instead.
