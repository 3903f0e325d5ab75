"""Citations between documents of record: resolution, chains of validity, conflicts, surroundings."""
