"""The tables of docs/semantics.md: what the page shows, and what the tests of both worlds expect of real servers."""
