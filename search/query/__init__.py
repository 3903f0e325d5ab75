"""The query: language, plans, spelling, relevance feedback."""
