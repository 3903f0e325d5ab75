"""Mails of an IMAP folder, taken into the store."""
