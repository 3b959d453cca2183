"""The wall: the tails of all running runs side by side."""
