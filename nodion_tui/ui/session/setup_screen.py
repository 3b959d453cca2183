"""Set-up screen of the first start: enter an API key, or start the demo, which needs none."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from msgspec.structs import replace
from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Label, Static

from nodion_tui.config import Profile
from nodion_tui.config.first_profile import profile_from_input
from nodion_tui.config.paths import display_path
from nodion_tui.model.errors import NodionError
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.ui.commands.registry import bindings
from nodion_tui.ui.dialogs.controls import CompactButton, CompactCheckbox
from nodion_tui.ui.dialogs.text_fields import OneLineInput
from nodion_tui.ui.paint.titled_pane import TitledPane
from nodion_tui.ui.session import error_text as errors
from nodion_tui.ui.terminal.door import MinimalRepaintScreen

if TYPE_CHECKING:
    from nodion_tui.ui.session.watcher import ProfileSaver

_PURPOSE = "Watch, start and stop the runs of Nodion's runners."
_KEY_HELP = (
    "Create one at nodion.com → Account or Project → API keys. The scope `read` is enough to watch."
)
_SAVE_PROFILE = "save key (0600), config.toml"
_SAVE_KEY = "save key (0600)"
_DEMO_HELP = (
    "A demo on this machine: a week of simulated runs, and jobs that really run. "
    "No account; nothing is kept."
)
_OTHER_WAYS = "Or set NODION_API_KEY and restart. config.toml can name a key command."

WIDTHS: list[tuple[int, str]] = [(0, "-narrow"), (76, "-wide")]
"""Minimum columns → class; the cards stand side by side in a wide window."""
HEIGHTS: list[tuple[int, str]] = [(0, "-low"), (22, "-high")]
"""Minimum rows → class; a low window has no words but those needed to choose."""


class SetupScreen(MinimalRepaintScreen[Profile | None]):
    """Dismisses the profile with a working key, without a key for the demo, or None.

    Two cards have one way each. What they say beyond that is left out in a small window.

    Args:
        profile: the profile that the key is tried with.
        demo: whether the demo can be started.
        keep: saves the profile for the next start; None: not offered.
        is_only: False: others are watched beside it, and go on without its key.
    """

    CSS_PATH = Path(__file__).with_suffix(".tcss")
    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("dialog"),
        Binding("escape", "quit_setup", "Quit", id="setup.quit"),
        Binding("1", "enter_key", "Paste a key", id="setup.key"),
        Binding("2", "start_demo", "Start the demo", id="setup.demo"),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]

    def __init__(
        self,
        profile: Profile,
        *,
        demo: bool,
        keep: "ProfileSaver | None",
        is_only: bool = True,
    ) -> None:
        super().__init__()
        self._is_only = is_only
        self._profile = profile
        self._demo = demo
        self._saver = keep

    def compose(self) -> ComposeResult:
        """Textual: compose the child widgets."""
        with TitledPane(id="setup") as pane:
            if self._is_only:
                pane.set_titles("nodion-tui · no API key", "Esc quits")
            else:
                pane.set_titles(f"{self._profile.name} · needs an API key", "Esc goes back")
            with VerticalScroll(can_focus=False):
                yield Static(Content(_PURPOSE), id="setup-purpose")
                with Container(id="setup-cards"):
                    yield Vertical(*self._key_card(), classes="setup-card")
                    if self._demo:
                        yield Vertical(*self._demo_card(), classes="setup-card")
                yield Static(Content(_OTHER_WAYS), classes="setup-words")

    def on_mount(self) -> None:
        """Textual: the focus is not in the field, where the keys of the cards would be typed."""
        self.query_one("#setup-demo" if self._demo else "#setup-key").focus()

    def _key_card(self) -> Iterator[Widget]:
        yield Static(_card_title("1", "Paste an API key"))
        yield Static(Content(_KEY_HELP), classes="setup-words")
        yield OneLineInput(
            placeholder="key, then Enter", password=True, id="setup-key", compact=True
        )
        yield Static(id="setup-answer")
        if self._saver is not None and self._saver.is_first:
            yield from self._fields()
        with_saving = self._saver is not None
        yield Container(
            CompactButton("Use this key", id="setup-use", classes="-main"),
            *([CompactCheckbox(self._save_label, id="setup-keep")] if with_saving else []),
            classes="setup-row",
        )

    def _demo_card(self) -> Iterator[Widget]:
        yield Static(_card_title("2", "Try it here"))
        yield Static(Content(_DEMO_HELP), classes="setup-words")
        button = CompactButton("Start the demo", id="setup-demo")
        yield Container(button, classes="setup-row")

    @property
    def _save_label(self) -> str:
        return _SAVE_PROFILE if self._saver is not None and self._saver.is_first else _SAVE_KEY

    def _fields(self) -> Iterator[Widget]:
        """Optional fields of a first config.toml; empty means the placeholder value."""
        for name, default in (
            ("name", self._profile.name),
            ("project", self._profile.project or "all projects of the key"),
            ("address", self._profile.api_url),
        ):
            field = OneLineInput(placeholder=default, id=f"setup-{name}", compact=True)
            yield Horizontal(Label(name), field, classes="setup-field")

    def _typed(self, name: str) -> str:
        """Value of a field; empty if there is no such field."""
        return next((field.value for field in self.query(f"#setup-{name}").results(Input)), "")

    def action_quit_setup(self) -> None:
        """Close without a profile."""
        self.dismiss(None)

    def action_enter_key(self) -> None:
        """Go to the field of the key."""
        self.query_one("#setup-key").focus()

    @on(CompactButton.Pressed, "#setup-demo")
    def action_start_demo(self) -> None:
        """Close with the profile that has no key."""
        if self._demo:
            self.dismiss(replace(self._profile, key=None))

    def on_paste(self, event: events.Paste) -> None:
        """Textual: a key that is pasted anywhere goes into its field."""
        field = self.query_one("#setup-key", Input)
        field.value = "".join(event.text.split())
        field.focus()

    def action_accept(self) -> None:
        """Start the demo if its button has the focus; else use what is typed."""
        if self.focused is not None and self.focused.id == "setup-demo":
            self.action_start_demo()
        else:
            self._submitted()

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


def _card_title(key: str, title: str) -> Content:
    return Content.assemble((f" {key} ", "bold $text-primary"), (f"  {title}", "bold"))
