"""Which lines match the patterns of config.toml?"""
