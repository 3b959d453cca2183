"""Which runners and runs are there, and what can be done with them?"""
