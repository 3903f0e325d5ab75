"""Documents of record: their values, storage, citations and rules."""
