"""What does a person see and do? The only room that knows Textual."""
