"""The first start: where a key comes from, a field to try one, and an engine that needs none."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static

from nodion_tui.config import Profile, Secret
from nodion_tui.model.errors import NodionError
from nodion_tui.model.text import visible
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.ui import errors
from nodion_tui.ui.dialogs.controls import Press, Tick
from nodion_tui.ui.theme import Glyphs
from nodion_tui.ui.widgets.pane import Pane

WHERE = (
    "A key comes from your account at nodion.com: a user key, or the key of a project. "
    "The scope `read` is enough to watch; to trigger and stop runs it needs more."
)
LATER = "Or set NODION_API_KEY and start again; config.toml can name a command that gives the key."


@dataclass(frozen=True, slots=True)
class Offer:
    """What the set-up screen can do besides trying a key."""

    engine: bool = False
    """Whether an engine can be started on this machine."""
    keep_key: Callable[[Secret], Path] | None = None
    """Keeps a key for the next start, and gives the file; blocks."""


class SetupScreen(Screen[Profile | None]):
    """Gives the profile with a key that works, the profile without one for the engine, or None.

    Args:
        profile: what a key is tried with.
        glyphs: the signs to paint with.
        offer: what else can be done.
    """

    CSS_PATH = "setup.tcss"
    AUTO_FOCUS = "#setup-key"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "quit_setup", "Quit", id="setup.quit"),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]

    def __init__(self, profile: Profile, glyphs: Glyphs, offer: Offer) -> None:
        super().__init__()
        self._profile = profile
        self._glyphs = glyphs
        self._offer = offer

    def compose(self) -> ComposeResult:
        """Textual: what it is made of."""
        with Pane(id="setup", classes="-ascii" if self._glyphs.ascii else "") as pane:
            pane.retitle("nodion", "Esc quits")
            with VerticalScroll(can_focus=False):
                yield Static("No key is configured.", classes="setup-head", markup=False)
                yield Static(Content(WHERE), classes="setup-words")
                yield Input(placeholder="paste a key, then Enter", password=True, id="setup-key")
                yield Static(id="setup-answer")
                with Horizontal(classes="setup-row"):
                    yield Press("Use this key", id="setup-use", classes="-main")
                    if self._offer.keep_key is not None:
                        yield Tick("keep it in a file that only you can read", id="setup-keep")
                yield Static(Content(LATER), classes="setup-words")
                if self._offer.engine:
                    yield Static("Without an account", classes="setup-head", markup=False)
                    yield Static(
                        "An engine on this machine runs real processes behind the same API, "
                        "with runners to try it with.",
                        classes="setup-words",
                        markup=False,
                    )
                    with Horizontal(classes="setup-row"):
                        yield Press("Try it on this machine", id="setup-local")

    def action_quit_setup(self) -> None:
        """Leave without a profile."""
        self.dismiss(None)

    @on(Input.Submitted, "#setup-key")
    @on(Press.Pressed, "#setup-use")
    def _submitted(self) -> None:
        text = self.query_one("#setup-key", Input).value
        try:
            key = Secret(text)
        except ValueError as problem:
            self._answer(str(problem).capitalize() + ".", "-wrong")
        else:
            self._answer("Asking …", "")
            self._try(replace(self._profile, key=key), key)

    @on(Press.Pressed, "#setup-local")
    def _chose_engine(self) -> None:
        self.dismiss(replace(self._profile, key=None))

    @work(group="try", exclusive=True)
    async def _try(self, profile: Profile, key: Secret) -> None:
        monitor = Monitor(profile)
        try:
            await monitor.check()
        except NodionError as error:
            self._answer(errors.sentence(error), "-wrong")
            return
        finally:
            await monitor.aclose()
        if self._offer.keep_key is not None and self.query_one("#setup-keep", Tick).on:
            try:
                await asyncio.to_thread(self._offer.keep_key, key)
            except OSError as problem:
                words = f"It works, but cannot be kept: {visible(problem.strerror or '')}"
                self.notify(words, severity="warning", markup=False)
        self.dismiss(profile)

    def _answer(self, words: str, look: str) -> None:
        answer = self.query_one("#setup-answer", Static)
        answer.set_class(look == "-wrong", "-wrong")
        answer.update(Content(words))
