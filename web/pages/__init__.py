"""HTML pages: one blueprint for each subject."""
