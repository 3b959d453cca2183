"""How does a log line look? From what a run wrote to what a row of the screen shows."""
