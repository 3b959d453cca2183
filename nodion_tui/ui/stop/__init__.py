"""How are one or several runs stopped, after confirmation?"""
