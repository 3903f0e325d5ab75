"""Handwritten digits of number and date: location, reading, confidence."""
