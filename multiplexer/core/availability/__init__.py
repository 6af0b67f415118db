"""Which of several deployments is used: ``circuit_breaker`` judges by traffic, ``member_health`` by connections and
probes as well, and ``active_member`` chooses. Nothing here connects or sends; whoever does says what came of it.
"""
