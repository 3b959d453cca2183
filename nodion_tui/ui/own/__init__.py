"""Which commands of their own do people run?"""
