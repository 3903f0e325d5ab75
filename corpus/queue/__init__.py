"""The job queue: leases, retries, documents that wait for word segmentation."""
