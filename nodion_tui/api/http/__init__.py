"""How does a request get there and back? Connections, event streams, errors, server clock."""
