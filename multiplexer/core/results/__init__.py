"""Reply converters, pure functions from what the server sent to what a method returns, with a module for each group
of commands and ``common`` for what several groups share; ``monitor`` reads what MONITOR reports. Each takes the raw
reply in its RESP2 or RESP3 shape, with ``bytes`` or ``str`` elements, and gives the same result for all four; none of
them does any I/O, and none sees an error reply.
"""
