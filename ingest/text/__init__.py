"""Text of a document with places: rows, words, evidence boxes, syllables."""
