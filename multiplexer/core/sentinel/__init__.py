"""A primary and its replicas as sentinels see them: ``watch`` keeps connections to the sentinels and asks them,
``directory`` is what they say, and ``guide`` keeps the multiplexer's servers to it.
"""
