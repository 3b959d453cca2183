"""The first start: where a key comes from, a field to try one, and an engine that needs none."""

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
from nodion_tui.ui.paint.theme import Glyphs
from nodion_tui.ui.paint.titled_pane import TitledPane
from nodion_tui.ui.session import error_text as errors

if TYPE_CHECKING:
    from nodion_tui.ui.session.watcher import ProfileSaver

WHERE = (
    "A key comes from your account at nodion.com, or from a project of it. "
    "The scope `read` is enough to watch."
)
KEEP_ALL = "keep it: key and config.toml, for you alone"
KEEP_KEY = "keep it in a file that only you can read"
ENGINE = "An engine on this machine, with the same API and real processes."
LATER = "Or set NODION_API_KEY and start again. config.toml can name a command for it."


class SetupScreen(Screen[Profile | None]):
    """Gives the profile with a key that works, the profile without one for the engine, or None.

    Args:
        profile: what a key is tried with.
        glyphs: the signs to paint with.
        engine: whether an engine can be started on this machine.
        keep: keeps what was typed for the next start; None: that is not offered.
    """

    CSS_PATH = Path(__file__).with_suffix(".tcss")
    AUTO_FOCUS = "#setup-key"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "quit_setup", "Quit", id="setup.quit"),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]

    def __init__(
        self, profile: Profile, glyphs: Glyphs, *, engine: bool, keep: "ProfileSaver | None"
    ) -> None:
        super().__init__()
        self._profile = profile
        self._glyphs = glyphs
        self._engine = engine
        self._keep = keep

    def compose(self) -> ComposeResult:
        """Textual: what it is made of."""
        with TitledPane(id="setup", classes="-ascii" if self._glyphs.ascii else "") as pane:
            pane.set_titles("nodion", "Esc quits")
            with VerticalScroll(can_focus=False):
                yield Static("No key is configured.", classes="setup-head", markup=False)
                yield Static(Content(WHERE), classes="setup-words")
                yield Input(placeholder="paste a key, then Enter", password=True, id="setup-key")
                yield Static(id="setup-answer")
                if self._keep is not None and self._keep.is_first:
                    yield from self._fields()
                with Horizontal(classes="setup-row"):
                    yield CompactButton("Use this key", id="setup-use", classes="-main")
                    if self._keep is not None:
                        yield CompactCheckbox(
                            KEEP_ALL if self._keep.is_first else KEEP_KEY, id="setup-keep"
                        )
                yield Static(Content(LATER), classes="setup-words")
                if self._engine:
                    yield from self._without_account()

    def _fields(self) -> Iterator[Widget]:
        """What a first config.toml says besides; empty is what stands there."""
        for name, shown in (
            ("name", self._profile.name),
            ("project", self._profile.project or "every project of the key"),
            ("address", self._profile.api_url),
        ):
            field = Input(placeholder=shown, id=f"setup-{name}", compact=True)
            yield Horizontal(Label(name), field, classes="setup-field")

    def _without_account(self) -> Iterator[Widget]:
        yield Static("Without an account", classes="setup-head", markup=False)
        yield Static(Content(ENGINE), classes="setup-words")
        yield Horizontal(
            CompactButton("Try it on this machine", id="setup-local"), classes="setup-row"
        )

    def _typed(self, name: str) -> str:
        """What stands in a field; empty where there is none."""
        return next((each.value for each in self.query(f"#setup-{name}").results(Input)), "")

    def action_quit_setup(self) -> None:
        """Leave without a profile."""
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
            words = str(problem)
            self._answer(f"{words[:1].upper()}{words[1:]}.", "-wrong")
        else:
            self._answer("Asking …", "")
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
            self._answer(errors.full_text(error), "-wrong")
            return
        finally:
            await monitor.aclose()
        if self._keep is not None and self.query_one("#setup-keep", CompactCheckbox).on:
            await self._store(self._keep, profile)
        self.dismiss(profile)

    async def _store(self, keep: "ProfileSaver", profile: Profile) -> None:
        try:
            path = await asyncio.to_thread(keep.save, profile)
        except OSError as problem:
            words = f"It works, but cannot be kept: {sanitize(problem.strerror or '')}"
            self.notify(words, severity="warning", markup=False)
        else:
            self.notify(f"Kept in {sanitize(display_path(path))}", markup=False)

    def _answer(self, words: str, look: str) -> None:
        answer = self.query_one("#setup-answer", Static)
        answer.set_class(look == "-wrong", "-wrong")
        answer.update(Content(words))
