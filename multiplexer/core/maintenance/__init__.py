"""Servers that change under way: ``handover`` replaces a connection by another without a failed command, and ``moves``
knows when that is due: asked for by hand, announced by a server, or because a connection has lasted long enough.
"""
