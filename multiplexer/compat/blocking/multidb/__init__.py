# Generated from multiplexer/compat/asyncio/multidb/__init__.py by scripts/generate_blocking.py; change that file instead.
"""Several databases of which one is used, in redis-py's form."""
