"""The smallest Textual app: the baseline of a start. `python -m tests.bench.static_app`.

It imports only what it needs, and nothing of ours, as the imports are measured.
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
