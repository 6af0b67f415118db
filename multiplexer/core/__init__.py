"""The sans-I/O core: no socket, thread, lock, event loop or clock in here."""
