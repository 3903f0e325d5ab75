"""The JSON API: one module for each subject, its shapes beside them."""
