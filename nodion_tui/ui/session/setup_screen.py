"""Set-up screen of the first start: enter an API key, or start the engine, which needs none."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from msgspec.structs import replace
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, Label, Static

from nodion_tui.config import Profile, profile_from_input
from nodion_tui.config.paths import display_path
from nodion_tui.model.errors import NodionError
from nodion_tui.model.sanitize import sanitize
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.ui.dialogs.controls import CompactButton, CompactCheckbox
from nodion_tui.ui.paint.titled_pane import TitledPane
from nodion_tui.ui.session import error_text as errors

if TYPE_CHECKING:
    from nodion_tui.ui.session.watcher import ProfileSaver

_KEY_HELP = (
    "Create an API key at nodion.com → Account or Project → API keys. "
    "The scope `read` is enough to watch."
)
_SAVE_PROFILE = "save key (0600) and config.toml"
_SAVE_KEY = "save key in a private file (0600)"
_ENGINE_HELP = "Runs an engine on this machine: the same API, real processes."
_OTHER_WAYS = "Or set NODION_API_KEY and restart. config.toml can name a key command."


class SetupScreen(Screen[Profile | None]):
    """Dismisses the profile with a working key, without a key for the engine, or None.

    Args:
        profile: the profile that the key is tried with.
        engine: whether the engine on this machine can be started.
        keep: saves the profile for the next start; None: not offered.
    """

    CSS_PATH = Path(__file__).with_suffix(".tcss")
    AUTO_FOCUS = "#setup-key"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "quit_setup", "Quit", id="setup.quit"),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]

    def __init__(self, profile: Profile, *, engine: bool, keep: "ProfileSaver | None") -> None:
        super().__init__()
        self._profile = profile
        self._engine = engine
        self._saver = keep

    def compose(self) -> ComposeResult:
        """Textual: compose the child widgets."""
        with TitledPane(id="setup") as pane:
            pane.set_titles("nodion", "Esc quits")
            with VerticalScroll(can_focus=False):
                yield Static("No API key is configured.", classes="setup-head", markup=False)
                yield Static(Content(_KEY_HELP), classes="setup-words")
                yield Input(placeholder="paste a key, then Enter", password=True, id="setup-key")
                yield Static(id="setup-answer")
                if self._saver is not None and self._saver.is_first:
                    yield from self._fields()
                with Horizontal(classes="setup-row"):
                    yield CompactButton("Use this key", id="setup-use", classes="-main")
                    if self._saver is not None:
                        yield CompactCheckbox(
                            _SAVE_PROFILE if self._saver.is_first else _SAVE_KEY, id="setup-keep"
                        )
                yield Static(Content(_OTHER_WAYS), classes="setup-words")
                if self._engine:
                    yield from self._without_account()

    def _fields(self) -> Iterator[Widget]:
        """Optional fields of a first config.toml; empty means the placeholder value."""
        for name, default in (
            ("name", self._profile.name),
            ("project", self._profile.project or "all projects of the key"),
            ("address", self._profile.api_url),
        ):
            field = Input(placeholder=default, id=f"setup-{name}", compact=True)
            yield Horizontal(Label(name), field, classes="setup-field")

    def _without_account(self) -> Iterator[Widget]:
        yield Static("Without an account", classes="setup-head", markup=False)
        yield Static(Content(_ENGINE_HELP), classes="setup-words")
        yield Horizontal(
            CompactButton("Try it on this machine", id="setup-local"), classes="setup-row"
        )

    def _typed(self, name: str) -> str:
        """Value of a field; empty if there is no such field."""
        return next((field.value for field in self.query(f"#setup-{name}").results(Input)), "")

    def action_quit_setup(self) -> None:
        """Close without a profile."""
        self.dismiss(None)

    @on(Input.Submitted)
    @on(CompactButton.Pressed, "#setup-use")
    def _submitted(self) -> None:
        try:
            profile = profile_from_input(
                self._profile,
                name=self._typed("name"),
                project=self._typed("project") or self._profile.project or "",
                api_url=self._typed("address"),
                key=self._typed("key"),
            )
        except ValueError as problem:
            message = str(problem)
            self._show_result(f"{message[:1].upper()}{message[1:]}.", is_error=True)
        else:
            self._show_result("Checking the key …")
            self._try(profile)

    @on(CompactButton.Pressed, "#setup-local")
    def _chose_engine(self) -> None:
        self.dismiss(replace(self._profile, key=None))

    @work(group="try", exclusive=True)
    async def _try(self, profile: Profile) -> None:
        monitor = Monitor(profile)
        try:
            await monitor.check()
        except NodionError as error:
            self._show_result(errors.full_text(error), is_error=True)
            return
        finally:
            await monitor.aclose()
        if self._saver is not None and self.query_one("#setup-keep", CompactCheckbox).on:
            await self._save(self._saver, profile)
        self.dismiss(profile)

    async def _save(self, saver: "ProfileSaver", profile: Profile) -> None:
        try:
            path = await asyncio.to_thread(saver.save, profile)
        except OSError as problem:
            message = f"The key works but could not be saved: {sanitize(problem.strerror or '')}"
            self.notify(message, severity="warning", markup=False)
        else:
            self.notify(f"Saved in {sanitize(display_path(path))}", markup=False)

    def _show_result(self, text: str, *, is_error: bool = False) -> None:
        result = self.query_one("#setup-answer", Static)
        result.set_class(is_error, "-wrong")
        result.update(Content(text))
