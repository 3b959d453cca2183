"""Ranges of a log that fold: stack traces, named sections and repeated lines."""
