"""The one door to `ui.terminal.inside`; on a plain Textual it leads to `ui.terminal.plain`."""

from typing import TYPE_CHECKING

from nodion_tui.ui.terminal.plain_textual import plain_textual

if TYPE_CHECKING or not plain_textual():
    from nodion_tui.ui.terminal.inside.border_rows import set_border_titles
    from nodion_tui.ui.terminal.inside.exact_cell_input import ExactCellInput
    from nodion_tui.ui.terminal.inside.frame_app import FrameApp
    from nodion_tui.ui.terminal.inside.repaint_screen import (
        MinimalRepaintModal,
        MinimalRepaintScreen,
    )
    from nodion_tui.ui.terminal.inside.stale_references import forget_styles, forget_watchers
    from nodion_tui.ui.terminal.inside.style_sheets import parse_styles
else:
    from textual.widgets import Input as ExactCellInput

    from nodion_tui.ui.terminal.plain import PlainApp as FrameApp
    from nodion_tui.ui.terminal.plain import PlainModal as MinimalRepaintModal
    from nodion_tui.ui.terminal.plain import PlainScreen as MinimalRepaintScreen
    from nodion_tui.ui.terminal.plain import (
        forget_styles,
        forget_watchers,
        parse_styles,
        set_border_titles,
    )

__all__ = [
    "ExactCellInput",
    "FrameApp",
    "MinimalRepaintModal",
    "MinimalRepaintScreen",
    "forget_styles",
    "forget_watchers",
    "parse_styles",
    "set_border_titles",
]
