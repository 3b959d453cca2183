"""What keeps the program from working here?"""
