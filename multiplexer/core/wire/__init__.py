"""What goes over the wire: ``resp`` packs commands and parses what servers send, with hiredis where it is there;
``python_resp`` is the parser that stands in for it, and ``optional`` says which of the two it is. An ``attribute`` is
left out before either sees it.
"""
