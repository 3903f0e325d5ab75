"""Worker processes: supervision, reading jobs, segmentation jobs."""
