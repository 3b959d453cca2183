"""The commands, one module for each that belong together; imported when they are asked for."""
