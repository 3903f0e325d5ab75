"""The index: entries of documents, their order of update, what each viewer may see of it."""
