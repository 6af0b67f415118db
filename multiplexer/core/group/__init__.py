"""Servers that belong together by configuration alone, with neither sentinels nor a cluster: ``election`` settles
which of several primaries counts.
"""
