"""When did runs run? A time axis, and bars in lanes."""
