"""How does a log line become styled rows of the screen?"""
