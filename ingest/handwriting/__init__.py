"""Handwritten digits of number and date: where they are, what they read, how sure."""
