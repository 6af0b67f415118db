"""What is said on a connection by the package itself: ``handshake`` is what comes before anything of the user's, and
the question for a server's role. ``conversation`` runs such exchanges of several steps, also those with clusters and
sentinels. ``server_facts`` is what a server said of itself, and ``credentials`` what it is told of the user.
"""
