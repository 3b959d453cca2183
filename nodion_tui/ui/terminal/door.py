"""The one door to `ui.terminal.inside`; on a plain Textual it leads to `ui.terminal.plain`.

What the first paint does not need stands in `ui.terminal.dialog_door`.
"""

from typing import TYPE_CHECKING

from nodion_tui.ui.terminal.plain_textual import plain_textual

if TYPE_CHECKING or not plain_textual():
    from nodion_tui.ui.terminal.inside.border_rows import set_border_titles
    from nodion_tui.ui.terminal.inside.frame_app import FrameApp
    from nodion_tui.ui.terminal.inside.repaint_screen import (
        MinimalRepaintScreen,
        paint_changes,
        paint_early,
    )
else:
    from nodion_tui.ui.terminal.plain import PlainApp as FrameApp
    from nodion_tui.ui.terminal.plain import PlainScreen as MinimalRepaintScreen
    from nodion_tui.ui.terminal.plain import paint_changes, paint_early, set_border_titles

__all__ = [
    "FrameApp",
    "MinimalRepaintScreen",
    "paint_changes",
    "paint_early",
    "set_border_titles",
]
