"""The client-side cache: replies that are kept until the server says that their keys were written.

``store`` holds them, up to a number of bytes. ``flights`` are the fetches under way, which several callers share.
``lifetimes`` says how long replies may live where not longer than their keys. ``tracking`` is what a connection does
that is told of changes; ``writes`` finds the keys of the application's own writes. ``client_cache`` puts these together
for one multiplexer, and ``statistics`` is what it counts.
"""
