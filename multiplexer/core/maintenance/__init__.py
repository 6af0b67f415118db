"""Servers that change under way: ``handover`` replaces a connection by another without a failed command, and ``moves``
knows when that is due: asked for by hand, announced by a server, or because a connection has lasted long enough. What
servers announce is read in ``announcements``; ``windows`` are the times in which more patience is needed, and
``maintenance`` does what follows.
"""
