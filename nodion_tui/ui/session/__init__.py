"""Which profile is watched, and what is kept between sessions?"""
