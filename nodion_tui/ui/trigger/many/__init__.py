"""Which runs are started together, and what became of each?"""
