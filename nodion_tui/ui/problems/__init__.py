"""Which settings cannot work, and how is that shown?"""
