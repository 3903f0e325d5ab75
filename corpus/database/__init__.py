"""The database: connection, tables, the opened store."""
