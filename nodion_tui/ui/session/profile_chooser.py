"""Whom to watch: chosen from a menu, or told on the set-up screen; and how its key is had."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from nodion_tui.config import DEFAULT_API_URL, Profile, with_key
from nodion_tui.model.errors import NoKey
from nodion_tui.model.runner import short_id
from nodion_tui.ui.session.watcher import CONNECTING, Connect, ProfileSaver, WatchTarget
from nodion_tui.ui.terminal.restore import can_suspend

if TYPE_CHECKING:
    from textual.app import App

    from nodion_tui.ui.dialogs.menu import MenuEntry
    from nodion_tui.ui.paint.theme import Glyphs

ENGINE_ID = "0"
"""Id and letter of the choice that is no profile: the engine on this machine."""
_LETTERS = "123456789" + ascii_lowercase


class ProfileChooser:
    """Finds out whom to watch.

    Args:
        app: where it is asked.
        watch: begins to watch a target.
        glyphs: the signs that the set-up screen is painted with.
        profiles: those that can be switched to.
        engine: starts the engine on this machine; None: it cannot be.
        keep: keeps what is typed on the set-up screen; None: it cannot be.
    """

    def __init__(
        self,
        app: "App[Any]",
        watch: Callable[[WatchTarget], Any],
        *,
        glyphs: "Glyphs",
        profiles: Sequence[Profile],
        engine: Connect | None,
        keep: ProfileSaver | None,
    ) -> None:
        self._app = app
        self._watch = watch
        self._glyphs = glyphs
        self.profiles = tuple(profiles)
        self._engine = engine
        self._keep = keep

    def offers(self, name: str) -> bool:
        """Whether there is a profile of this name to switch to."""
        return any(profile.name == name for profile in self.profiles)

    async def choose(self, current: Profile) -> None:
        """Ask which profile to watch; the one that is watched is connected anew.

        Args:
            current: the one that is watched.
        """
        from nodion_tui.ui.dialogs.menu import Menu  # noqa: PLC0415 - seldom

        known = {each.name: each for each in self.profiles}
        offered = list(
            (known if current.name in known else {current.name: current} | known).values()
        )
        chosen = await self._app.push_screen_wait(Menu("Profiles", self._choices(offered, current)))
        if chosen == ENGINE_ID and self._engine is not None:
            self.start_engine()
        elif chosen is not None:
            self.connect(next(each for each in offered if each.name == chosen))

    async def set_up(self, profile: Profile) -> None:
        """Ask for a key, and end the program where none is given."""
        # Only a first start needs it, and none of it before the first paint.
        from nodion_tui.ui.session.setup_screen import SetupScreen  # noqa: PLC0415

        offer_engine = self._engine is not None
        screen = SetupScreen(profile, self._glyphs, engine=offer_engine, keep=self._keep)
        chosen = await self._app.push_screen_wait(screen)
        if chosen is None:
            self._app.exit()
        elif chosen.key is None:
            self.start_engine()
        else:
            self._watch(WatchTarget(chosen))

    def connect(self, profile: Profile) -> None:
        """Watch a profile, with its key asked for anew where it has a source."""
        if profile.key_source is not None:
            waiting = f"Asking for the key of {profile.name} …"
            self._watch(WatchTarget(profile, partial(self._keyed, profile), waiting))
        elif profile.key is not None:
            self._watch(WatchTarget(profile, placeholder=CONNECTING))
        else:
            self._app.run_worker(self.set_up(profile), group="set-up", exclusive=True)

    async def renew_key(self, profile: Profile) -> None:
        """Watch a profile whose key is rejected once its source gives another one.

        A command is not run for that: it may ask for a passphrase when nobody is there.
        """
        if profile.key_source is None or profile.key_source.kind not in {"file", "keyring"}:
            return
        with suppress(NoKey):
            renewed = await asyncio.to_thread(with_key, profile)
            if renewed.key != profile.key:
                self._watch(WatchTarget(renewed))

    def start_engine(self) -> None:
        """Start the engine on this machine and watch it."""
        waiting = "Starting the engine on this machine …"
        self._watch(WatchTarget(Profile(name="local"), self._engine, waiting))

    @asynccontextmanager
    async def _keyed(self, profile: Profile) -> AsyncIterator[Profile]:
        yield await self._with_key(profile)

    async def _with_key(self, profile: Profile) -> Profile:
        source = profile.key_source
        if source is not None and source.kind == "command" and can_suspend(self._app):
            # It may ask for a passphrase, which it cannot do on a screen of ours.
            with self._app.suspend():
                return with_key(profile)
        return await asyncio.to_thread(with_key, profile)

    def _choices(self, offered: Sequence[Profile], now: Profile) -> "list[MenuEntry]":
        from nodion_tui.ui.dialogs.menu import MenuEntry  # noqa: PLC0415 - seldom

        found = [
            MenuEntry(letter, each.name, each.name, ", ".join(_details(each, now)))
            for letter, each in zip(_LETTERS, offered, strict=False)
        ]
        if self._engine is not None:
            found.append(MenuEntry(ENGINE_ID, ENGINE_ID, "On this machine", "the embedded engine"))
        return found


def _details(profile: Profile, now: Profile) -> Iterator[str]:
    if profile.name == now.name:
        yield "now"
    if profile.api_url != DEFAULT_API_URL:
        yield urlsplit(profile.api_url).netloc
    if profile.project:
        yield f"project {short_id(profile.project)}"
    if profile.read_only:
        yield "read-only"
    if profile.key is None and profile.key_source is None:
        yield "no key"
