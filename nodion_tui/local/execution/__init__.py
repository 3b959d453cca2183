"""How does a run get from the queue to its exit code, and its output to the store?"""
