"""Accounts and groups: who may sign in, and which documents each may see."""
