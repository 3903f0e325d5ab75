"""Watched folders: intake of finished files."""
