"""The web service's own worker: only a request that has arrived whole takes a thread."""
