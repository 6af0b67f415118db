"""A cluster as a multiplexer sees it: ``topology`` is which server serves which hash slots, and ``topology_replies``
makes one of what servers say. ``watch`` keeps it true, ``routes`` chooses servers by it, and ``splitting`` takes
batches apart for them. ``redirections`` reads a MOVED or ASK, and ``resending`` says where a command goes that was
answered so. ``strangers`` are servers that describe another cluster. ``guide`` is what the multiplexer has of all that.
"""
