"""The door to what dialogs need of `ui.terminal.inside`; see `ui.terminal.door`.

The first paint needs none of it.
"""

from typing import TYPE_CHECKING

from nodion_tui.ui.terminal.plain_textual import plain_textual

if TYPE_CHECKING or not plain_textual():
    from nodion_tui.ui.terminal.inside.exact_cell_input import ExactCellInput
    from nodion_tui.ui.terminal.inside.minimal_palette import MinimalPalette
    from nodion_tui.ui.terminal.inside.repaint_modal import MinimalRepaintModal
    from nodion_tui.ui.terminal.inside.stale_references import forget_styles, forget_watchers
    from nodion_tui.ui.terminal.inside.style_sheets import parse_styles
    from nodion_tui.ui.terminal.inside.unshown import mount_ahead
else:
    from textual.command import CommandPalette as MinimalPalette
    from textual.widgets import Input as ExactCellInput

    from nodion_tui.ui.terminal.plain import PlainModal as MinimalRepaintModal
    from nodion_tui.ui.terminal.plain import (
        forget_styles,
        forget_watchers,
        mount_ahead,
        parse_styles,
    )

__all__ = [
    "ExactCellInput",
    "MinimalPalette",
    "MinimalRepaintModal",
    "forget_styles",
    "forget_watchers",
    "mount_ahead",
    "parse_styles",
]
