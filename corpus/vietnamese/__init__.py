"""Vietnamese text: folding of diacritics, letter case, look-alike characters."""
