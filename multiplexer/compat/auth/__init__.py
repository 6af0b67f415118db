"""Tokens that expire: who gives them out, and what fetches the next one in time."""
