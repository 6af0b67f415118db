"""Which of several deployments is used: ``circuit_breaker`` judges by traffic, ``member_health`` by connections and
probes as well, and ``active_member`` chooses. ``server_breakers`` are for a multiplexer that stands alone.
``probing`` is what both have in common.
"""
