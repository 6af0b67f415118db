"""What describes indexes and queries of the search engine; it ends as the words of a command."""
