"""What is a command of one's own given, and what becomes of it?"""
