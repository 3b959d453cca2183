"""The smallest app that Textual makes: the measure of a start. `python -m tests.bench.static_app`.

It imports what it needs and nothing else of ours, for that is what is measured.
"""

from textual.app import App, ComposeResult
from textual.widgets import Static


class StaticApp(App[None]):
    """One Static."""

    def compose(self) -> ComposeResult:
        """Textual: what it is made of."""
        yield Static("nothing but this")


if __name__ == "__main__":
    StaticApp().run()
