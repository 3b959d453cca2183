"""Which moment of a log is meant, and which lines are there?"""
