"""Shows what a command of one's own writes, while it runs and afterwards."""

from collections.abc import Callable, Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from nodion_tui.model.text.format import data_size
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.monitor.own.command_run import CommandEnd
from nodion_tui.monitor.own.output_buffer import OutputBuffer
from nodion_tui.ui.commands.registry import help_binding
from nodion_tui.ui.paint.styled_row import StyledRow, StyledText, wrap_row
from nodion_tui.ui.paint.titled_pane import TitledPane
from nodion_tui.ui.paint.wrapped_row_view import WrappedRowView
from nodion_tui.ui.terminal import clipboard
from nodion_tui.ui.terminal.dialog_door import MinimalRepaintModal, forget_styles

REPAINT_SECONDS = 0.1
"""Time between two repaints while a command writes."""


class OutputScreen(MinimalRepaintModal[None]):
    """The output of one command; leaving it ends the command.

    Args:
        title: of the command; sanitized here.
        output: what it has written so far.
        stop: ends the command.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        help_binding(),
        Binding("escape,q", "leave", "Close"),
        Binding("y", "copy", "Copy"),
        *(
            Binding(key, f"scroll('{step}')", show=False)
            for key, step in (("k", "up"), ("j", "down"), ("g", "home"), ("G", "end"))
        ),
    ]
    DEFAULT_CSS = """
    OutputScreen {
        align: center middle;
        & > TitledPane { width: 96%; max-width: 170; height: 90%; background: $surface; }
        & WrappedRowView { padding: 0 1; }
    }
    """

    def __init__(self, title: str, output: OutputBuffer, stop: Callable[[], object]) -> None:
        super().__init__()
        self._heading = sanitize(title)
        self._output = output
        self._stop = stop
        self._end: CommandEnd | None = None
        self._view = WrappedRowView(self._rows, lambda: (self._output.size, self._end))
        self._view.placeholder = ("No output so far.",)
        self._pane = TitledPane(self._view)

    def compose(self) -> ComposeResult:
        """Textual: compose the child widgets."""
        yield self._pane

    def on_mount(self) -> None:
        """Textual: follow the output."""
        self._timer = self.set_interval(REPAINT_SECONDS, self._refresh)
        self._refresh()
        self._view.focus()

    def on_unmount(self) -> None:
        """Textual: forget the styles, which keep a reference to the screen."""
        forget_styles()

    def show_end(self, end: CommandEnd) -> None:
        """Show how the command ended."""
        self._end = end
        self._view.placeholder = ("No output.",)
        if self.is_mounted:
            self._timer.stop()
            self._refresh()

    def action_leave(self) -> None:
        """Close, and end the command if it runs."""
        self._stop()
        self.dismiss()

    def action_scroll(self, step: str) -> None:
        """Scroll `up`, `down`, `home` or `end`."""
        getattr(self._view, f"action_scroll_{step}")()

    def action_copy(self) -> None:
        """Copy the output to the terminal's clipboard."""
        text = "\n".join(map(sanitize, self._output.lines))
        if text and clipboard.copy(self.app, text):
            self.notify(f"Sent {len(text):,} characters to the clipboard", timeout=3)

    def _refresh(self) -> None:
        self._pane.set_titles(self._heading, self._state())
        self._view.update()

    def _state(self) -> str:
        keys = "y copies · Esc closes" if self._end else "Esc ends it"
        if self._end is None:
            return f"running · {data_size(self._output.size)} · {keys}"
        end = sanitize(self._end.problem) or "ended, exit 0"
        return f"{end} · {keys}"

    def _rows(self, width: int) -> Iterator[StyledRow]:
        if dropped := self._output.dropped:
            kept = data_size(self._output.size - dropped)
            text = f"Only the first {kept} are kept: {data_size(dropped)} more were written."
            yield from wrap_row((StyledText(text, "warning"),), max(1, width))
        for line in self._output.lines:
            yield from wrap_row((StyledText(sanitize(line)),), max(1, width))
        if self._end is not None and self._end.problem:
            problem = StyledText(sanitize(self._end.problem), "failed")
            yield from wrap_row((problem,), max(1, width))
