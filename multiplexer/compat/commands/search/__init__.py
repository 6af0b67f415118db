"""The search engine's classes, in the modules redis-py has them in."""
