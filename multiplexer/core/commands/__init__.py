"""Commands before they are on their way: ``command`` says what is known of one, and ``command_table`` has them all,
as ``scripts/generate_command_table.py`` writes them. ``words`` takes apart what an application wrote and
``arguments`` checks it. ``guard`` is what a command must pass: ``key_prefix`` confines its keys, and ``proxies``
refuses what a proxy would not pass on. ``hash_slots`` finds the part of a cluster that its keys belong to.
``batching`` puts several commands together; ``scripts``, ``locks`` and ``conditions`` are what is made of several.
"""
