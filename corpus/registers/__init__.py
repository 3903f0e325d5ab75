"""Registers of a records office (sổ văn bản): direction of a paper, numbers and their order; no SQL."""
