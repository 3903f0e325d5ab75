"""The sandbox: a forked child with limits, confined, whose answer is data."""
