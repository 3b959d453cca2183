"""How is a log shown, searched, selected, copied and saved?"""
