"""Benchmarks: ``compare.py`` measures side by side, ``test_hot_path.py`` times our own hot path."""
