"""The timeline: what ran when, as bars, and how each runner fares."""
