"""What do many runs print, merged while they write?"""
