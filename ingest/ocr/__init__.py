"""Optical character recognition: engines, columns, tables, tone marks, the text of a page."""
