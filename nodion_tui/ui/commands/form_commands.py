"""The commands of forms, declared once."""

from functools import partial

from nodion_tui.ui.commands.command import Command

_form = partial(Command, group="Forms", scope="form", palette=False)
_field = partial(Command, group="Forms", palette=False)

FORM = (
    _form(
        id="form.submit",
        keys=("ctrl+j", "ctrl+enter"),
        action="submit",
        title="Trigger",
        help="Starts the run; Enter in a field never does.",
        footer="trigger",
        rank=10,
        priority=True,
    ),
    _form(
        id="form.leave",
        keys=("escape",),
        action="leave",
        title="Leave the form",
        help="Asks once more where something was typed.",
        footer="leave",
        rank=20,
    ),
    _form(
        id="form.mode",
        keys=("f2",),
        action="next_mode",
        title="Runner default, argv or shell command",
        help="What was typed in each is kept.",
        footer="mode",
        rank=30,
    ),
    _form(
        id="form.preview",
        keys=("f3",),
        action="preview",
        title="JSON or curl",
        help="What the preview shows.",
        footer="preview",
        rank=40,
    ),
    _form(
        id="form.copy_curl",
        keys=("f4",),
        action="copy_curl",
        title="Copy as curl",
        help="With $NODION_API_KEY in the place of the key, and hidden values left out.",
        footer="curl",
        rank=50,
    ),
    _field(
        id="field.line_break",
        keys=("ctrl+n", "alt+enter", "shift+enter"),
        action="line_break",
        title="Put a line break into a value",
        help="Enter goes on to the next field.",
        scope="field",
    ),
    _field(
        id="env.above",
        keys=("up",),
        action="leave(-1)",
        title="Variable above",
        scope="env",
    ),
    _field(
        id="env.below",
        keys=("down",),
        action="leave(1)",
        title="Variable below",
        scope="env",
    ),
)
"""In the order of the help."""
