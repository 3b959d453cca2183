"""What stands at the edges of every screen? Title, notices and footer."""
