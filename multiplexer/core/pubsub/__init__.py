"""What is subscribed: ``subscriptions`` is what is wanted, what servers have confirmed, and where messages go;
``placement`` says which servers carry it, and ``feed`` has them told a slice at a time. ``keyspace`` is about
notifications of what happens to keys, and ``overflow`` says what becomes of messages that come faster than they are
taken.
"""
