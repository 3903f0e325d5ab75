"""The index: entries of documents, their updates, and what each viewer may see of it."""
