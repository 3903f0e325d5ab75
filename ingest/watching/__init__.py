"""A watched folder: finished files are taken in."""
