"""What do many runs write, in one order?"""
