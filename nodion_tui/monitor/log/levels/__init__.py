"""The level of a log line: one judgement for its colour, for jumps and for filters."""
