"""Histories: what callers asked and were told, and whether one server that does one thing at a time could have said so.

``recording`` writes them down, ``models`` say what such a server does, ``checking`` looks for the order in which it
would have done it, and ``faults`` are what happens meanwhile. The callers are in the folders of the two worlds.
"""
