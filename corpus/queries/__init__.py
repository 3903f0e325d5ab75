"""Read models: queries that pages, API and commands share; nothing here writes."""
