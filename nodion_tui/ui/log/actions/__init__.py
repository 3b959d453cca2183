"""What do the keys of a log do? Controllers without widgets, each made with what it needs."""
