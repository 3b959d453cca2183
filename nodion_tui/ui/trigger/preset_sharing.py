"""Shares a preset as a file, and uses one that was shared."""

import asyncio
from pathlib import Path
from typing import Any

from textual import on
from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.monitor.log.save import safe_file_name
from nodion_tui.monitor.storage.presets import Preset
from nodion_tui.monitor.storage.shared_preset import read_shared_preset, write_shared_preset
from nodion_tui.ui.dialogs.box import DialogBox
from nodion_tui.ui.dialogs.button_row import ButtonRow
from nodion_tui.ui.dialogs.controls import CompactButton
from nodion_tui.ui.dialogs.text_fields import LineField


class PresetPathDialog(DialogBox[Path | None]):
    """Dismisses a path.

    Args:
        title: what the file is for.
        path: the suggested path; empty: none.
        note: what happens to the file.
        verb: label of the button.
    """

    AUTO_FOCUS = "LineField"
    ENTER_ACCEPTS = True

    def __init__(self, title: str, path: str, note: str, verb: str) -> None:
        super().__init__()
        self._heading, self._path, self._note, self._verb = title, path, note, verb

    def compose(self) -> ComposeResult:
        """Textual: compose the child widgets."""
        with Vertical(classes="box") as frame:
            frame.border_title = self._heading
            yield LineField(self._path, "path/to/preset.toml", id="preset-path")
            yield Static(self._note, markup=False, classes="box--note")
            with ButtonRow(classes="box--buttons"):
                yield CompactButton("Cancel", id="preset-path-cancel", classes="-leave")
                yield CompactButton(self._verb, id="preset-path-use", classes="-main")

    def on_mount(self) -> None:
        """Textual: nothing can be accepted without a path."""
        self._refresh_button()

    @on(Input.Changed)
    def _refresh_button(self) -> None:
        self.query_one("#preset-path-use", CompactButton).disabled = not self._typed

    @on(CompactButton.Pressed, "#preset-path-use")
    def _use(self) -> None:
        if self._typed:
            self.dismiss(Path(self._typed).expanduser())

    @property
    def _typed(self) -> str:
        return self.query_one("#preset-path", LineField).value.strip()


async def share_preset(app: App[Any], preset: Preset) -> None:
    """Write a preset to a file that is asked for; a failure is told."""
    note = "Without secret values. For: nodion-tui trigger RUNNER --from FILE"
    suggested = f"{safe_file_name(preset.name).lower()}.toml"
    path = await app.push_screen_wait(
        PresetPathDialog("Share a preset as a file", suggested, note, "Save")
    )
    if path is None:
        return
    try:
        written = await asyncio.to_thread(write_shared_preset, path, preset)
    except (OSError, ValueError) as error:
        _tell(app, "Not saved", _reason(error), is_problem=True)
    else:
        _tell(app, "Saved", str(written))


async def open_preset(app: App[Any]) -> Preset | None:
    """The preset of a file that is asked for; None: none, and why is told."""
    note = "A file that was shared from here or from the command line."
    path = await app.push_screen_wait(PresetPathDialog("Use a preset file", "", note, "Use"))
    if path is None:
        return None
    try:
        return await asyncio.to_thread(read_shared_preset, path)
    except (OSError, ValueError) as error:
        _tell(app, "Not a preset", _reason(error), is_problem=True)
        return None


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, OSError):
        return f"{error.strerror or error}: {error.filename or ''}"
    return str(error)


def _tell(app: App[Any], title: str, text: str, *, is_problem: bool = False) -> None:
    app.notify(
        "\n".join(map(sanitize, text.split("\n"))),
        title=title,
        severity="warning" if is_problem else "information",
        timeout=8,
        markup=False,
    )
