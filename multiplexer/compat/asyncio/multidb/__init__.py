"""Several databases of which one is used, in redis-py's form."""
