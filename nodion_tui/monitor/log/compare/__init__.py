"""Comparison of two logs, side by side."""
