"""Where do two logs differ?"""
