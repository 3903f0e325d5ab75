"""Files derived from originals, which can be made again and are removed with them."""
