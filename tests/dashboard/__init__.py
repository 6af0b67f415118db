"""The dashboard: what it tells, who may look, and how it is in a browser."""
