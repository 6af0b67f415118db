"""What monitoring systems are shown: ``opentelemetry`` has metrics and spans, ``prometheus`` what is scraped.

Nothing of it is imported by the package itself, and nothing of it is on the way of commands: numbers are read from the
counters when somebody collects them (``readings``), and spans come of the profiling hook (``spans``).
"""
