"""Tags on documents, and fields of the office's own with their values; functions on a session."""
