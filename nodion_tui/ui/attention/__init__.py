"""How does a person hear of runs without looking at them?"""
