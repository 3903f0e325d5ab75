"""The documents of record: what they are, where they are kept, how they cite each other."""
