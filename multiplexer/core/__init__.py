"""The sans-I/O core: no socket, thread, lock, event loop or clock in here. Side by side lie what every command passes
on its way, a ``message`` with its ``call_options``, the ``server_selection_strategy``, the ``physical_bridge`` and
the ``physical_connection`` with its ``prober``, and what holds it together: the ``server_endpoint``, the
``server_set``, the ``coordinator``, the ``guide`` it asks how servers belong together, and the ``seam`` to the
drivers. ``types`` says what a reply may be, ``shapes`` what one is; ``joining`` is for what several callers wait for.
Everything else has a room: ``commands`` is what is known of commands, ``wire`` how they are packed and replies parsed,
``results`` what replies are made into,
``search`` how the search engine is spoken to. ``handshake`` is what is said on a new connection. ``cluster``,
``sentinel`` and ``group`` are three ways in which servers belong together. ``pubsub`` is about subscriptions, and
``diagnosis`` about what went how.
"""
