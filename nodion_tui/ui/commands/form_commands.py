"""Commands of forms and dialogs."""

from functools import partial

from nodion_tui.ui.commands.command import Command

ACCEPT_KEYS = ("ctrl+j", "ctrl+enter", "alt+enter")
"""They accept in every dialog, whatever has the focus."""

PRESET_DIGITS = tuple("123456789")
"""Keys of the first presets of a runner, in the trigger form."""

_form = partial(Command, group="Forms", scope="form", palette=False)
_submit = partial(_form, priority=True)
_dialog = partial(Command, group="Forms", scope="dialog", palette=False, priority=True)
_field = partial(Command, group="Forms", scope="field", palette=False)
_env = partial(Command, group="Forms", scope="env", palette=False)

FORM = (
    _submit("form.submit", ACCEPT_KEYS, "submit", "Trigger", footer="trigger", rank=10).with_help(
        "Starts the run; Enter in a field goes to the next one."
    ),
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
    _form(
        "form.many", ("f9",), "many", "Start more than one run", footer="many", rank=60
    ).with_help(
        "How often, and with which values: REGION = eu | us | ap. In a row of the environment, "
        "its variable is varied."
    ),
    _form("form.preset", ("1",), "preset(1)", "Use preset 1").with_help(
        "2 to 9 use the others, by name; with alt from inside a text field."
    ),
    _form("form.variable", ("f7", "/"), "find_variable", "Go to a variable").with_help(
        "Chooses it by its number, or by what one types; / from outside a text field."
    ),
    _dialog("dialog.accept", ACCEPT_KEYS, "accept", "Accept a dialog").with_help(
        "Presses its main button: saves, stops, opens."
    ),
    _field("field.line_break", ("ctrl+n", "shift+enter"), "line_break", "Add a newline").with_help(
        "Enter goes to the next field."
    ),
    _env("env.above", ("up",), "leave(-1)", "Variable above"),
    _env("env.below", ("down",), "leave(1)", "Variable below"),
    _env("env.toggle", ("f5",), "switch", "Send the variable or not").with_help(
        "A variable that is off stays in the form and is not sent."
    ),
    _env("env.hide", ("f6",), "hide", "Show or hide the value"),
    _env("env.remove", ("f8",), "remove", "Remove the variable"),
)
"""In the order of the help screen."""
