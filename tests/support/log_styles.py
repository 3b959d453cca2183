"""Styles of a log whose parts can be told apart."""

from rich.style import Style

from nodion_tui.ui.log.render.line_styles import LogStyles
from nodion_tui.ui.log.render.line_text import TextRole

PART = Style(color="blue")
LOOK = LogStyles(
    base=Style(color="white", bgcolor="black"),
    frame=PART,
    thumb=PART,
    timestamp=PART,
    sign=PART,
    cursor_sign=PART,
    cursor=Style(bgcolor="green"),
    selected=Style(bgcolor="magenta"),
    match=Style(bgcolor="yellow"),
    current=Style(bgcolor="red"),
    looks={"warning": Style(color="cyan")},
    roles={role: Style(italic=True) if role is not TextRole.TEXT else Style() for role in TextRole},
)
