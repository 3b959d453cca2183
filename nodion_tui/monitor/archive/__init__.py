"""The archive: which finished logs are kept on disk?"""
