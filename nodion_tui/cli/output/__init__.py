"""How do the results and notices of a command look on stdout and stderr?"""
