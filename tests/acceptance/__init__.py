"""Programs and libraries written for redis-py run over the façade, unmodified, against a real server."""
