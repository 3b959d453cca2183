"""What do the demo runners execute? Standalone scripts that need only the standard library."""
