"""Authority files (danh mục): issuing bodies, document types, laws, provinces, and their identity keys."""
