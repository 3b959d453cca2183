"""What has this run written? Reads, stores, searches, compares and saves a run's log."""
