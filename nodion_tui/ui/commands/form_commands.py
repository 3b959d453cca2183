"""Commands of forms."""

from functools import partial

from nodion_tui.ui.commands.command import Command

_form = partial(Command, group="Forms", scope="form", palette=False)
_submit = partial(_form, priority=True)
_field = partial(Command, group="Forms", scope="field", palette=False)
_env = partial(Command, group="Forms", scope="env", palette=False)

FORM = (
    _submit(
        "form.submit", ("ctrl+j", "ctrl+enter"), "submit", "Trigger", footer="trigger", rank=10
    ).with_help("Starts the run; Enter in a field does not."),
    _form("form.leave", ("escape",), "leave", "Cancel", footer="cancel", rank=20).with_help(
        "Asks for a second Esc if there is unsaved input."
    ),
    _form(
        "form.mode", ("f2",), "next_mode", "Switch argv / shell", footer="argv/shell", rank=30
    ).with_help("Each mode keeps its input."),
    _form(
        "form.preview", ("f3",), "preview", "Toggle JSON / curl", footer="preview", rank=40
    ).with_help("Format of the preview."),
    _form("form.copy_curl", ("f4",), "copy_curl", "Copy as curl", footer="curl", rank=50).with_help(
        "Uses $NODION_API_KEY instead of the key; hidden values are left out."
    ),
    _field(
        "field.line_break", ("ctrl+n", "alt+enter", "shift+enter"), "line_break", "Add a newline"
    ).with_help("Enter goes to the next field."),
    _env("env.above", ("up",), "leave(-1)", "Variable above"),
    _env("env.below", ("down",), "leave(1)", "Variable below"),
)
"""In the order of the help screen."""
