"""Status of a run in plain text: glyph, word and colour."""

from collections.abc import Mapping

from nodion_tui.cli.output.streams import Output
from nodion_tui.cli.output.table import TableCell
from nodion_tui.model.run import RunStatus

_GLYPHS: Mapping[str, tuple[str, str]] = {
    RunStatus.PENDING: ("◌", "o"),
    RunStatus.RUNNING: ("●", "*"),
    RunStatus.SUCCEEDED: ("✓", "+"),
    RunStatus.FAILED: ("✗", "x"),
    RunStatus.CANCELED: ("⊘", "-"),
}
_STYLES: Mapping[str, str] = {
    RunStatus.PENDING: "33",
    RunStatus.RUNNING: "36",
    RunStatus.SUCCEEDED: "32",
    RunStatus.FAILED: "31",
    RunStatus.CANCELED: "2",
}


def status_cell(output: Output, status: str) -> TableCell:
    """Table cell of a status: glyph, word and colour."""
    return TableCell(
        f"{status_glyph(status, ascii_only=output.ascii_only)} {status}", _STYLES.get(status, "")
    )


def status_glyph(status: str, *, ascii_only: bool) -> str:
    """Status as one character; `?` for a status that is not in the API reference."""
    glyphs = _GLYPHS.get(status)
    return glyphs[1 if ascii_only else 0] if glyphs else "?"
