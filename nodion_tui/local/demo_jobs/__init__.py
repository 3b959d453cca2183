"""Scripts of the demo runners; each runs alone, with nothing but the standard library."""
