"""Help screen: the key map, built from the command registry."""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from nodion_tui.ui.commands.command import Command, Scope
from nodion_tui.ui.commands.help_rows import HelpContents, help_rows, matching
from nodion_tui.ui.paint.steady_input import SteadyInput
from nodion_tui.ui.paint.titled_pane import TitledPane
from nodion_tui.ui.paint.wrapped_row_view import WrappedRowView
from nodion_tui.ui.terminal.dialog_door import MinimalRepaintModal


class HelpView(WrappedRowView):
    """Scrollable table of keys.

    Args:
        keymap: command id → keys, for rebound commands.
        own: the commands of config.toml.
    """

    DEFAULT_CSS = """
    HelpView {
        padding: 0 1;
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("k", "scroll_up", show=False),
        Binding("j", "scroll_down", show=False),
        Binding("g", "scroll_home", show=False),
        Binding("G", "scroll_end", show=False),
    ]

    def __init__(self, keymap: Mapping[str, str], own: tuple[Command, ...] = ()) -> None:
        self.contents = HelpContents(keymap, own=own)
        super().__init__(lambda width: help_rows(self.contents, width), lambda: self.contents)

    def show(self, contents: HelpContents) -> None:
        """Show other commands, from the top."""
        self.contents = contents
        self.scroll_to(y=0, animate=False)
        self.update()


class _HelpFilter(SteadyInput):
    """What is looked for, behind the key that opens it, as in a list or a log."""

    SIGN = "/"


class HelpScreen(MinimalRepaintModal[None]):
    """Modal help; `/` filters, Esc, q or ? closes it.

    Args:
        keymap: command id → keys, for rebound commands.
        own: the commands of config.toml.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Close", id="help.leave"),
        Binding("q,question_mark,f1", "dismiss", "Close", id="help.close"),
        Binding("slash", "filter", "Filter", id="help.filter"),
    ]

    DEFAULT_CSS = """
    HelpScreen {
        align: center middle;
        & > TitledPane { width: 96%; max-width: 170; height: 90%; background: $surface; }
        & Input { display: none; height: 1; border: none; background: $boost; }
        & Input.-open { display: block; }
    }
    """

    def __init__(self, keymap: Mapping[str, str], own: tuple[Command, ...] = ()) -> None:
        super().__init__()
        self._view = HelpView(keymap, own)
        self._filter = _HelpFilter(placeholder="filter: words of a command, or a key", compact=True)
        self._pane = TitledPane(self._view, self._filter)
        self._first: tuple[Scope, ...] = ()

    def open_for(self, scopes: tuple[Scope, ...]) -> None:
        """Show the groups of these scopes first when it is opened next.

        Args:
            scopes: those of the focused widget, then those of its screen.
        """
        self._first = scopes

    def compose(self) -> ComposeResult:
        """Textual: compose the child widgets."""
        self._show("")
        yield self._pane

    def on_screen_resume(self) -> None:
        """Textual: show everything from the top each time it is opened."""
        self._close_filter()
        self._show("")

    def action_filter(self) -> None:
        """Filter the commands while a text is typed."""
        self._filter.add_class("-open")
        self._filter.focus()

    def action_leave(self) -> None:
        """Clear the filter, or close the help."""
        if self._filter.has_class("-open"):
            self._close_filter()
        else:
            self.dismiss()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._show(event.value)

    @on(Input.Submitted)
    def _keep_filter(self) -> None:
        self._view.focus()

    def _show(self, query: str) -> None:
        """Show the commands that match; say how many where not all do."""
        self._view.show(replace(self._view.contents, first=self._first, query=query))
        found = f"{matching(self._view.contents)} found · " if query.strip() else ""
        self._pane.set_titles("Keys", f"{found}/ filters · Esc closes")

    def _close_filter(self) -> None:
        self._filter.value = ""
        self._filter.remove_class("-open")
        self._view.focus()
