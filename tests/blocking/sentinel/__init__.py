# Generated from tests/asyncio/sentinel/__init__.py by scripts/generate_blocking.py; change that file instead.
