"""What do all running runs write now? Their tails side by side."""
