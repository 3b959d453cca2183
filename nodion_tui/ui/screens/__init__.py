"""Whole-terminal views."""
