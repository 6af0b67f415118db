"""What describes indexes and queries of the search engine; it ends as the words of a command. ``fields`` is what an
index holds, ``query`` asks for documents and ``hybrid`` for those by text and by vector at once. ``aggregation`` asks
for what can be calculated from them, with ``reducers`` that make one value of a group. ``querystring`` puts the text
of a query together, and ``suggestion`` completes what somebody types.
"""
