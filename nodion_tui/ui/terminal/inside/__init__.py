"""What needs private names of Textual? The only package that uses them.

Each module says what they buy. On a Textual that the tests have not seen, nothing of it is
imported: see `ui.terminal.plain_textual`.
"""
