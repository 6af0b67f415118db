"""Reply converters: pure functions from what the server sent to what a method returns.

Each takes the raw reply in its RESP2 or RESP3 shape, with ``bytes`` or ``str`` elements, and gives the same
result for all four. None of them does any I/O, and none sees an error reply.
"""
