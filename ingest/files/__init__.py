"""File formats: media type, then pages as text or images."""
