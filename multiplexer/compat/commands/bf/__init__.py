"""What goes with Bloom filters and their kin."""
