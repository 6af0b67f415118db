"""What the façade's names stand for in both worlds; redis-py has no modules of these names."""
