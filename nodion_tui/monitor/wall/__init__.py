"""Which logs are on the wall, and which of them are streamed or polled?"""
