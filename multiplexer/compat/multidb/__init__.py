"""Several databases of which one is used, under redis-py's names."""
