"""How is a log shown, searched, selected, copied, saved and compared?"""
