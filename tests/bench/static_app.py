"""The smallest Textual app: the baseline of a start. `python -m tests.bench.static_app`.

It is what a user of Textual writes: the documented imports, Textual's own driver, Python's own
collection of garbage, and nothing of ours, as all of that is measured.
"""

from textual.app import App, ComposeResult
from textual.widgets import Static


class StaticApp(App[None]):
    """An app with one Static."""

    def compose(self) -> ComposeResult:
        """Textual: the widgets."""
        yield Static("nothing but this")


if __name__ == "__main__":
    StaticApp().run()
