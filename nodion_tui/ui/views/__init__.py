"""Which way of looking at runs has a name, and which runners come first?"""
