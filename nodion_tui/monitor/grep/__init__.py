"""Search in the logs of many runs: which logs of which runs match?"""
