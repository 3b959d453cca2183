"""How is what a job printed read as a line of text?"""
