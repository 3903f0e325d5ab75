"""Sandbox: a forked child with limits, confined, which returns only data."""
