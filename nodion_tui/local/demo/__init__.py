"""What does `--demo` show? Runners of a web shop, a week of their history, and new runs."""
