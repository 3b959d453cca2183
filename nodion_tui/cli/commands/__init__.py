"""What does each subcommand do? Modules by subject, imported on demand."""
