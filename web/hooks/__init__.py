"""Hooks: other programs get each document that goes on record, with its evidence."""
