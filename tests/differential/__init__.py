"""The façade and redis-py do the same calls on two servers, and nothing tells them apart."""
