"""Values of the application's own types: who makes bytes of them, and where they stand in commands and replies.

``conversion`` calls a codec and says whose error it is.
"""
