"""Selects the profile to watch, from a menu or the set-up screen, and obtains its key."""

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

ENGINE_ID = "0"
"""Id and key of the menu entry for the engine on this machine."""
_LETTERS = "123456789" + ascii_lowercase


class ProfileChooser:
    """Lets the user select the profile to watch.

    Args:
        app: shows menu and set-up screen.
        watch: starts watching a target.
        profiles: the profiles that can be selected.
        engine: starts the engine on this machine, for the menu; None: not offered.
        demo: starts the engine with simulated data, for the set-up screen; None: not offered.
        keep: saves a profile entered on the set-up screen; None: not offered.
    """

    def __init__(
        self,
        app: "App[Any]",
        watch: Callable[[WatchTarget], Any],
        *,
        profiles: Sequence[Profile],
        engine: Connect | None,
        demo: Connect | None,
        keep: ProfileSaver | None,
    ) -> None:
        self._app = app
        self._watch = watch
        self.profiles = tuple(profiles)
        self._engine = engine
        self._demo = demo
        self._saver = keep

    def offers(self, name: str) -> bool:
        """Whether a profile of this name can be selected."""
        return any(profile.name == name for profile in self.profiles)

    async def choose(self, current: Profile) -> None:
        """Show the menu of profiles; selecting the current one reconnects it.

        Args:
            current: the watched profile.
        """
        from nodion_tui.ui.dialogs.menu import Menu  # noqa: PLC0415 - seldom

        by_name = {profile.name: profile for profile in self.profiles}
        offered = list(
            (by_name if current.name in by_name else {current.name: current} | by_name).values()
        )
        chosen = await self._app.push_screen_wait(Menu("Profiles", self._entries(offered, current)))
        if chosen == ENGINE_ID and self._engine is not None:
            self.start_engine()
        elif chosen is not None:
            self.connect(next(profile for profile in offered if profile.name == chosen))

    async def set_up(self, profile: Profile) -> None:
        """Show the set-up screen; the program exits if no key is entered."""
        # Needed on a first start only; imported after the first paint.
        from nodion_tui.ui.session.setup_screen import SetupScreen  # noqa: PLC0415

        screen = SetupScreen(profile, demo=self._demo is not None, keep=self._saver)
        chosen = await self._app.push_screen_wait(screen)
        if chosen is None:
            self._app.exit()
        elif chosen.key is None:
            self._watch(WatchTarget(Profile(name="demo"), self._demo, "Starting the demo …"))
        else:
            self._watch(WatchTarget(chosen))

    def connect(self, profile: Profile) -> None:
        """Watch a profile; its key is read again if it has a source."""
        if profile.key_source is not None:
            placeholder = f"Reading the key of {profile.name} …"
            self._watch(WatchTarget(profile, partial(self._connect_with_key, profile), placeholder))
        elif profile.key is not None:
            self._watch(WatchTarget(profile, placeholder=CONNECTING))
        else:
            self._app.run_worker(self.set_up(profile), group="set-up", exclusive=True)

    async def renew_key(self, profile: Profile) -> None:
        """Watch a profile whose key was rejected as soon as its source returns a different key.

        A key command is not run for that: it might prompt for a passphrase unattended.
        """
        if profile.key_source is None or profile.key_source.kind not in {"file", "keyring"}:
            return
        with suppress(NoKey):
            renewed = await asyncio.to_thread(with_key, profile)
            if renewed.key != profile.key:
                self._watch(WatchTarget(renewed))

    def start_engine(self) -> None:
        """Start the engine on this machine and watch it."""
        placeholder = "Starting the engine on this machine …"
        self._watch(WatchTarget(Profile(name="local"), self._engine, placeholder))

    @asynccontextmanager
    async def _connect_with_key(self, profile: Profile) -> AsyncIterator[Profile]:
        yield await self._read_key(profile)

    async def _read_key(self, profile: Profile) -> Profile:
        source = profile.key_source
        if source is not None and source.kind == "command" and can_suspend(self._app):
            # The command may prompt for a passphrase, which needs the plain terminal.
            with self._app.suspend():
                return with_key(profile)
        return await asyncio.to_thread(with_key, profile)

    def _entries(self, offered: Sequence[Profile], current: Profile) -> "list[MenuEntry]":
        from nodion_tui.ui.dialogs.menu import MenuEntry  # noqa: PLC0415 - seldom

        entries = [
            MenuEntry(letter, profile.name, profile.name, ", ".join(_details(profile, current)))
            for letter, profile in zip(_LETTERS, offered, strict=False)
        ]
        if self._engine is not None:
            entries.append(
                MenuEntry(ENGINE_ID, ENGINE_ID, "On this machine", "the embedded engine")
            )
        return entries


def _details(profile: Profile, current: Profile) -> Iterator[str]:
    if profile.name == current.name:
        yield "current"
    if profile.api_url != DEFAULT_API_URL:
        yield urlsplit(profile.api_url).netloc
    if profile.project:
        yield f"project {short_id(profile.project)}"
    if profile.read_only:
        yield "read-only"
    if profile.key is None and profile.key_source is None:
        yield "no key"
