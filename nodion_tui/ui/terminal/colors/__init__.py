"""How many colours does the terminal show?"""
