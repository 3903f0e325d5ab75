"""Original files by their hash: in a folder or in an S3 bucket."""
