"""What the names of :mod:`multiplexer.compat` stand for."""
