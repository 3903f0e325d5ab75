"""Formats that leave the house: CSV and XLSX tables, edXML, citations as JSON and as graphs."""
