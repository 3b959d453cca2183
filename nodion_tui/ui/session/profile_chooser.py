"""Selects the profile to watch, from a menu or the set-up screen, and obtains its key."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from nodion_tui.config import Profile, with_key
from nodion_tui.model.errors import ConfigError, NoKey
from nodion_tui.model.runner import short_id
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.ui.session import error_text as errors
from nodion_tui.ui.session.watcher import CONNECTING, Connect, ProfileSaver, WatchTarget
from nodion_tui.ui.terminal.restore import can_suspend

if TYPE_CHECKING:
    from textual.app import App

    from nodion_tui.monitor.monitor import Monitor
    from nodion_tui.ui.dialogs.menu import MenuEntry

ENGINE_ID = "0"
"""Id and key of the menu entry for the engine on this machine."""


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

    async def choose(self, target: WatchTarget) -> None:
        """Show the menu of profiles; selecting the current one reconnects it.

        Args:
            target: what is watched.
        """
        from nodion_tui.ui.dialogs.menu import Menu  # noqa: PLC0415 - seldom

        current = target.profile
        by_name = {profile.name: profile for profile in self.profiles}
        offered = list(
            (by_name if current.name in by_name else {current.name: current} | by_name).values()
        )
        chosen = await self._app.push_screen_wait(Menu("Profiles", self._entries(offered, current)))
        if chosen == ENGINE_ID and self._engine is not None:
            self.start_engine()
        elif chosen == current.name and chosen not in by_name:
            self.reconnect(target)
        elif chosen is not None:
            self.connect(next(profile for profile in offered if profile.name == chosen))

    async def _ask_for_key(self, profile: Profile) -> Profile | None:
        """Show the set-up screen for one of several profiles; None if no key is entered."""
        from nodion_tui.ui.session.setup_screen import SetupScreen  # noqa: PLC0415 - as above

        screen = SetupScreen(profile, demo=False, keep=self._saver, is_only=False)
        return await self._app.push_screen_wait(screen)

    async def set_up(self, profile: Profile) -> None:
        """Show the set-up screen; the program exits if no key is entered."""
        # Needed on a first start only; imported after the first paint.
        from nodion_tui.ui.session.setup_screen import SetupScreen  # noqa: PLC0415

        screen = SetupScreen(profile, demo=self._demo is not None, keep=self._saver)
        chosen = await self._app.push_screen_wait(screen)
        if chosen is None:
            self._app.exit()
        elif chosen.key is None:
            profile = Profile(name="demo", engine="demo")
            self._watch(WatchTarget(profile, self._demo, "Starting the demo …"))
        else:
            self._watch(WatchTarget(chosen))

    def reconnect(self, target: WatchTarget) -> None:
        """Watch the same again: an engine on this machine is not looked for at an address."""
        if target.connect is not None and target.profile.engine is not None:
            self._watch(target)
        else:
            self.connect(target.profile)

    def connect(self, profile: Profile) -> None:
        """Watch a profile; its key is read again if it has a source."""
        if profile.group:
            members = (each for each in self.profiles if each.name in profile.group)
            self._watch(WatchTarget(profile, placeholder=CONNECTING, members=tuple(members)))
        elif profile.key_source is not None:
            placeholder = f"Reading the key of {profile.name} …"
            self._watch(WatchTarget(profile, partial(self._connect_with_key, profile), placeholder))
        elif profile.key is not None:
            self._watch(WatchTarget(profile, placeholder=CONNECTING))
        else:
            self._app.run_worker(self.set_up(profile), group="set-up", exclusive=True)

    async def renew_unattended(self, monitor: "Monitor") -> None:
        """Use another key where one was rejected, as soon as its source returns a different one.

        A key command is not run for that: it might prompt for a passphrase unattended.
        """
        for account in monitor.accounts:
            profile = account.profile
            source = profile.key_source
            if not account.key_rejected or source is None or source.kind not in {"file", "keyring"}:
                continue
            with suppress(NoKey):
                renewed = await asyncio.to_thread(with_key, profile)
                if renewed.key == profile.key:
                    continue
                if monitor.has_several:
                    await account.use(renewed)
                else:
                    self._watch(WatchTarget(renewed))

    async def renew_keys(self, monitor: "Monitor") -> None:
        """Get another key for each account that needs one, while the others go on.

        It is read again where it has a source, else a person is asked for it.
        """
        for account in monitor.accounts:
            if not account.key_rejected:
                continue
            try:
                if account.profile.key_source is not None:
                    renewed: Profile | None = await self._read_key(account.profile)
                else:
                    renewed = await self._ask_for_key(account.profile)
                if renewed is not None and renewed.key is not None:
                    await account.use(renewed)
            except ConfigError as error:
                errors.toast(self._app, error, where=account.name)

    def start_engine(self) -> None:
        """Start the engine on this machine and watch it."""
        placeholder = "Starting the engine on this machine …"
        profile = Profile(name="local", engine="kept")
        self._watch(WatchTarget(profile, self._engine, placeholder))

    @asynccontextmanager
    async def _connect_with_key(self, profile: Profile) -> AsyncIterator[Profile]:
        yield await self._read_key(profile)

    async def _read_key(self, profile: Profile) -> Profile:
        source = profile.key_source
        if source is not None and source.kind == "command" and can_suspend(self._app):
            # The command may prompt for a passphrase, which needs the plain terminal. Textual 8.2
            # does not resume after an exception, so none leaves the context.
            failure: NoKey | None = None
            with self._app.suspend():
                try:
                    return with_key(profile)
                except NoKey as error:
                    failure = error
            raise failure
        return await asyncio.to_thread(with_key, profile)

    def _entries(self, offered: Sequence[Profile], current: Profile) -> "list[MenuEntry]":
        from nodion_tui.ui.dialogs.menu import MenuEntry  # noqa: PLC0415 - seldom

        entries = [
            MenuEntry(
                str(number), profile.name, profile.name, ", ".join(_details(profile, current))
            )
            for number, profile in enumerate(offered, 1)
        ]
        if self._engine is not None:
            entries.append(
                MenuEntry(ENGINE_ID, ENGINE_ID, "On this machine", "the embedded engine")
            )
        return entries


def _details(profile: Profile, current: Profile) -> Iterator[str]:
    if profile.name == current.name:
        yield "current"
    if profile.group:
        yield f"together: {', '.join(profile.group)}"
        return
    if profile.engine is not None:
        yield "on this machine"
        return
    yield sanitize(urlsplit(profile.api_url).netloc)
    if profile.project:
        yield f"project {short_id(profile.project)}"
    if profile.read_only:
        yield "read-only"
    if profile.key is None and profile.key_source is None:
        yield "no key"
