"""Which way of looking at runs has a name?"""
