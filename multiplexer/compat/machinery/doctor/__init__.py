"""What an application uses of redis-py, and what becomes of it on the façade: ``python -m multiplexer.compat doctor``.

``meanings`` finds out what names stand for, ``reading`` goes through a program with it, ``differences`` has what is
documented to differ, and ``program`` is what is run.
"""
