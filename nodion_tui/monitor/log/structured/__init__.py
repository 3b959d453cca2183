"""Log lines that are JSON objects: their short and their expanded form."""
