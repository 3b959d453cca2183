"""Which failures have one cause, and which causes are known?"""
