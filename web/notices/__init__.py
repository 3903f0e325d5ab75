"""Notices by e-mail: their words, the way to the mail server, and the worker's duty of sending them."""
