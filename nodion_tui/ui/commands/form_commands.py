"""The commands of forms, declared once."""

from functools import partial

from nodion_tui.ui.commands.command import Command

_form = partial(Command, group="Forms", scope="form", palette=False)
_submit = partial(_form, priority=True)
_field = partial(Command, group="Forms", scope="field", palette=False)
_env = partial(Command, group="Forms", scope="env", palette=False)

FORM = (
    _submit(
        "form.submit", ("ctrl+j", "ctrl+enter"), "submit", "Trigger", footer="trigger", rank=10
    ).with_help("Starts the run; Enter in a field never does."),
    _form("form.leave", ("escape",), "leave", "Leave the form", footer="leave", rank=20).with_help(
        "Asks once more where something was typed."
    ),
    _form(
        "form.mode", ("f2",), "next_mode", "Switch default, argv or shell", footer="mode", rank=30
    ).with_help("What was typed in each is kept."),
    _form("form.preview", ("f3",), "preview", "JSON or curl", footer="preview", rank=40).with_help(
        "What the preview shows."
    ),
    _form("form.copy_curl", ("f4",), "copy_curl", "Copy as curl", footer="curl", rank=50).with_help(
        "With $NODION_API_KEY in the place of the key, and hidden values left out."
    ),
    _field(
        "field.line_break", ("ctrl+n", "alt+enter", "shift+enter"), "line_break", "Add a newline"
    ).with_help("Enter goes on to the next field."),
    _env("env.above", ("up",), "leave(-1)", "Variable above"),
    _env("env.below", ("down",), "leave(1)", "Variable below"),
)
"""In the order of the help."""
