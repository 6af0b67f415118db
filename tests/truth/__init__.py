"""What the truth battery of both worlds shares: the invariants, and the look for what was left behind."""
