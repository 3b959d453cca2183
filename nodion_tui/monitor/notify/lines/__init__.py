"""Which lines are told, of those that match a pattern?"""
