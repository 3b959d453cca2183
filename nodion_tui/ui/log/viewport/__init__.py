"""Which rows of a log are on screen, and what is selected? No terminal, no widgets."""
