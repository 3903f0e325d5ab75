"""Results: found documents, snippets, similar documents, suggestions."""
