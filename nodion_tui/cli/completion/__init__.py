"""How are words completed in a shell?"""
