"""What is written to the terminal, and how is it read and restored?"""
