"""Views of an original for people: page images, searchable PDF, a box read again."""
