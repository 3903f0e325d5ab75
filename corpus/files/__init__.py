"""Rules of files (hồ sơ), their retention and destruction, and copies; functions on a session."""
