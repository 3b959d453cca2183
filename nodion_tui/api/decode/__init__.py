"""How do bytes become rows? Typed decoding, repair of undocumented rows, listing cache."""
