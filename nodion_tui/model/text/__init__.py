"""How is a value written as text?"""
