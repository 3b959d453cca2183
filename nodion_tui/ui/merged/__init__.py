"""What do many runs write now, in one log?"""
