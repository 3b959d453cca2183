"""How does a value become a styled row?"""
