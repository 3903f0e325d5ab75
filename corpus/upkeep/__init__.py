"""Upkeep of a store: backup and restore, fixity checks of originals."""
