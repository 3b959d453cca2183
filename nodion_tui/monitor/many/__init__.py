"""How are many runs started, each once?"""
