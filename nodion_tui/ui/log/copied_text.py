"""Text of a log on its way to the clipboard: safe, and no more than a terminal takes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nodion_tui.model.sanitize import sanitize
from nodion_tui.monitor.log.buffer import EntryKind, LogEntry
from nodion_tui.ui.log.render.line_text import LineText
from nodion_tui.ui.log.viewport.selection import Selection
from nodion_tui.ui.log.viewport.viewport import LogViewport
from nodion_tui.ui.terminal import clipboard
from nodion_tui.ui.terminal.clipboard import LIMIT


@dataclass(frozen=True, slots=True)
class CopiedText:
    """A text to copy."""

    text: str
    lines: int
    too_large: bool = False
    """Whether there was more than `LIMIT`; then `text` is a beginning that is not to be sent."""

    @property
    def size(self) -> int:
        """Bytes of the text."""
        return clipboard.size(self.text)


def gather(lines: Iterable[str]) -> CopiedText:
    """The lines one under the other, as far as the limit allows."""
    kept: list[str] = []
    size = 0
    for line in lines:
        size += clipboard.size(line) + 1
        if size > LIMIT + 1:
            return CopiedText("\n".join(kept), len(kept), too_large=True)
        kept.append(line)
    return CopiedText("\n".join(kept), len(kept))


def selected(reader: LogViewport, selection: Selection) -> CopiedText:
    """What is selected: whole lines as they were sent but inert, a part as it is seen."""
    if selection.whole_lines:
        entries = _entries(reader, selection.start.index, selection.stop.index)
        return gather(safe(entry.body) for entry in entries)
    return gather(_seen(reader, selection))


def everything(reader: LogViewport) -> CopiedText:
    """All lines that are shown."""
    return gather(safe(entry.body) for entry in _entries(reader, reader.buffer.first, None))


def line(reader: LogViewport, *, raw: bool = False) -> CopiedText:
    """The cursor's line, inert or exactly as it was sent."""
    body = reader.buffer.entry(reader.cursor).body
    return gather([body if raw else safe(body)])


def safe(body: str) -> str:
    """A line as it was sent, without its colours and with marks for everything else."""
    return LineText(body).text(0, LIMIT + 1)


def _entries(reader: LogViewport, start: int, stop: int | None) -> Iterator[LogEntry]:
    for position in range(reader.shown.position(start), len(reader.shown)):
        index = reader.shown.at(position)
        if stop is not None and index >= stop:
            return
        entry = reader.buffer.entry(index)
        if entry.kind is EntryKind.LINE:
            yield entry


def _seen(reader: LogViewport, selection: Selection) -> Iterator[str]:
    for position in range(reader.shown.position(selection.start.index), len(reader.shown)):
        index = reader.shown.at(position)
        if index > selection.stop.index:
            return
        block = reader.blocks.get(index)
        for number, text in enumerate(block.lines):
            if columns := selection.columns(index, number):
                left, right = columns
                yield sanitize(text.text(left, min(right, left + LIMIT + 1))).rstrip()
