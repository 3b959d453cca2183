"""How is a run triggered, once and never twice?"""
