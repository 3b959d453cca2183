"""Status of a run in plain text: glyph, word and colour."""

from collections.abc import Mapping

from nodion_tui.cli.output.streams import Output
from nodion_tui.cli.output.table import TableCell
from nodion_tui.model.run import RunStatus
from nodion_tui.model.text.signs import status_sign

_STYLES: Mapping[str, str] = {
    RunStatus.PENDING: "33",
    RunStatus.RUNNING: "36",
    RunStatus.SUCCEEDED: "32",
    RunStatus.FAILED: "31",
    RunStatus.CANCELED: "2",
}


def status_cell(output: Output, status: str) -> TableCell:
    """Table cell of a status: glyph, word and colour."""
    return TableCell(f"{output.sign(status_sign(status))} {status}", _STYLES.get(status, ""))
