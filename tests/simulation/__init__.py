"""The asyncio world in virtual time: the package as it is, on an event loop, a network and servers that are simulated.

Nothing here waits: where the loop would, time jumps to whatever comes next. All chance follows from one seed, so a seed
is a run, and the same seed is the same run.

``clock`` is the time, and takes the real one's place; ``network`` has links, addresses, names and what befalls them;
``sockets`` are what the package believes to be sockets; ``loop`` waits for them. ``keyspace``, ``server``, ``cluster``
and ``sentinels`` are models of servers. ``faults`` are what happens, ``scenes`` where and to whom, ``run`` makes a run
of a seed and judges it, and ``campaign`` makes many. ``found`` has seeds that once failed, by name, and what of.

::

    python -m tests.simulation --seed 7 --trace     # tells the story of one run
    python -m tests.simulation --seeds 1-500        # looks for a seed that fails
"""
