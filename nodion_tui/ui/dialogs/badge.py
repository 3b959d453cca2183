"""Profile badge of dialogs, in the colour configured for the profile."""

from textual.color import Color, ColorParseError
from textual.content import Content
from textual.style import Style

from nodion_tui.config import Profile
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.ui.paint.widget_styles import readable_on


def profile_badge(profile: Profile) -> Content:
    """The profile's name, on its configured colour if it has one."""
    name = sanitize(profile.name)
    try:
        background = Color.parse(profile.color) if profile.color else None
    except ColorParseError:
        background = None
    if background is None:
        return Content.styled(name, "bold")
    style = Style(background=background, foreground=readable_on(background), bold=True)
    return Content.styled(f" {name} ", style)
