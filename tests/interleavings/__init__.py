"""The blocking world under a scheduler: its threads run one at a time, and chance, or patience, says whose turn it is.

``python -m tests.interleavings`` explores; ``docs/testing.md`` says what and how.
"""
