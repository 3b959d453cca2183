"""How are the logs of two runs shown side by side?"""
