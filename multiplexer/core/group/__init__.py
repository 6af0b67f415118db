"""Servers that speak for themselves: ``roles`` asks what each is for. ``guide`` is for those that belong together by
configuration alone, with neither sentinels nor a cluster, and ``election`` settles which of several primaries counts.
"""
