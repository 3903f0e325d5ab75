"""Use cases that pages and API share."""
