"""Export formats: CSV and XLSX tables, edXML, citations as JSON and as graphs."""
