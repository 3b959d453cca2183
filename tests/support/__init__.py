"""Tools that tests share: a real terminal, servers that misbehave."""
