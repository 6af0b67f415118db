"""A running application, seen from outside: what it shows of its multiplexer, and who looks at that."""
