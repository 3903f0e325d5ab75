"""Presentation: texts, labels, addresses of searches; shared by pages, API and commands."""
