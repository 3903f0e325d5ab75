"""From a file to a Reading; writes nothing to the store."""
