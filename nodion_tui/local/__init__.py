"""What would the service answer on this machine? The embedded engine: same API, real processes."""
