"""Text of a log for the clipboard: as it is shown, and within the limit of terminals."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nodion_tui.monitor.log.buffer import EntryKind
from nodion_tui.monitor.log.line.reader import shown_text
from nodion_tui.ui.log.viewport.selection import Selection
from nodion_tui.ui.log.viewport.viewport import LogViewport
from nodion_tui.ui.terminal import clipboard
from nodion_tui.ui.terminal.clipboard import MAX_BYTES


@dataclass(frozen=True, slots=True)
class CopiedText:
    """A text to copy."""

    text: str
    lines: int
    too_large: bool = False
    """Whether the text exceeds `MAX_BYTES`; `text` is then incomplete and must not be sent."""

    @property
    def size(self) -> int:
        """Bytes of the text."""
        return clipboard.byte_size(self.text)


def join_lines(lines: Iterable[str]) -> CopiedText:
    """Join lines up to the limit."""
    joined: list[str] = []
    size = 0
    for line in lines:
        size += clipboard.byte_size(line) + 1
        if size > MAX_BYTES + 1:
            return CopiedText("\n".join(joined), len(joined), too_large=True)
        joined.append(line)
    return CopiedText("\n".join(joined), len(joined))


def selected_text(viewport: LogViewport, selection: Selection) -> CopiedText:
    """The selection: the shown text of whole lines, or of the columns on the screen."""
    if selection.whole_lines:
        return join_lines(_plain_lines(viewport, selection.start.index, selection.stop.index))
    return join_lines(_visible_text(viewport, selection))


def all_text(viewport: LogViewport) -> CopiedText:
    """All visible lines."""
    return join_lines(_plain_lines(viewport, viewport.buffer.first, viewport.buffer.end))


def line_text(viewport: LogViewport, *, raw: bool = False) -> CopiedText:
    """The cursor's line, as it is shown or exactly as sent."""
    body = viewport.buffer.entry(viewport.cursor).body
    return join_lines([body if raw else _shown(body)])


def _indexes(viewport: LogViewport, start: int, stop: int) -> Iterator[int]:
    """The visible entries from `start` to before `stop`."""
    for position in range(viewport.entries.position_of(start), len(viewport.entries)):
        index = viewport.entries.index_at(position)
        if index >= stop:
            return
        yield index


def _plain_lines(viewport: LogViewport, start: int, stop: int) -> Iterator[str]:
    for index in _indexes(viewport, start, stop):
        entry = viewport.buffer.entry(index)
        if entry.kind is EntryKind.LINE:
            yield _shown(entry.body)


def _shown(body: str) -> str:
    """The shown text of a line, as far as it can be copied."""
    return shown_text(body, MAX_BYTES + 1)


def _visible_text(viewport: LogViewport, selection: Selection) -> Iterator[str]:
    for index in _indexes(viewport, selection.start.index, selection.stop.index + 1):
        layout = viewport.layouts.get(index)
        for number, line_ in enumerate(layout.lines):
            if columns := selection.line_columns(index, number):
                left, right = columns
                yield line_.shown_text(left, min(right, left + MAX_BYTES + 1)).rstrip(" ")
