"""Field for an argv, which asks what a pasted `.env` block is meant for."""

from textual.message import Message

from nodion_tui.model.dotenv import parse_dotenv
from nodion_tui.model.text.format import count
from nodion_tui.ui.dialogs.menu import Menu, MenuEntry
from nodion_tui.ui.dialogs.text_fields import MultilineField


class ArgvField(MultilineField):
    """A pasted text of assignments alone is not inserted, but posted as `EnvPasted`."""

    class EnvPasted(Message):
        """A `.env` block was pasted, which may be meant for the environment."""

        def __init__(self, text: str, variables: int) -> None:
            super().__init__()
            self.text = text
            self.variables = variables
            """Number of its variables."""

    def paste(self, text: str) -> None:
        """Insert a pasted text, or post it."""
        parsed = parse_dotenv(text)
        if parsed.variables and not parsed.problems:
            self.post_message(self.EnvPasted(text, len(parsed.variables)))
        else:
            self.insert_pasted(text)


def where_to_paste(variables: int) -> Menu:
    """Asks where a pasted block of so many variables belongs: `env` or `argv`."""
    entries = [
        MenuEntry("e", "env", f"Add {count(variables, 'variable')} to the environment"),
        MenuEntry("a", "argv", "Insert as arguments"),
    ]
    return Menu("Pasted NAME=value", entries)
