"""Archives of other programs on their way into this one: files, and what lists say of them."""
