"""Which runs are streamed, within one budget?"""
