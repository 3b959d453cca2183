"""What is stored on this disk? Presets, trigger history and the state of the screens."""
