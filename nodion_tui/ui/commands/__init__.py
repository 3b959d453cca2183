"""Which key does what?"""
