"""What do all dialogs share? Each dialog dismisses a value and performs nothing itself."""
