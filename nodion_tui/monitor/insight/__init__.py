"""What is typical, what is not? Durations, failure groups, silence and statistics."""
