"""What would it say on this machine? The embedded engine: the same contract, real processes."""
