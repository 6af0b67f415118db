"""What tells an application how its commands fare: ``causes`` says why a call failed, ``storm_log`` what was
outstanding when timeouts piled up, and ``profiling`` when each command came how far. ``events`` are what the
application is called for.
"""
