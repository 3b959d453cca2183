"""The profile as dialogs name it: in the colour that its configuration gives it."""

from textual.color import Color, ColorParseError
from textual.content import Content
from textual.style import Style

from nodion_tui.config import Profile
from nodion_tui.model.sanitize import sanitize


def profile_badge(profile: Profile) -> Content:
    """The profile's name; on its own colour where it has one."""
    name = sanitize(profile.name)
    try:
        ground = Color.parse(profile.color) if profile.color else None
    except ColorParseError:
        ground = None
    if ground is None:
        return Content.styled(name, "bold")
    text = ground.get_contrast_text(1.0)
    return Content.styled(f" {name} ", Style(background=ground, foreground=text, bold=True))
