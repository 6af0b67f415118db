"""Values of the application's own types: who makes bytes of them, and where they stand in commands and replies.

``conversion`` calls a codec and says whose error it is; ``places`` finds the values among a command's words, and
``shapes`` those in its result; ``rules`` is the table of commands, and ``coder`` is what handles ask.
"""
