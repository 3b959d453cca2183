"""Is there another key? Asked when the service rejects the one that a command had given."""

import asyncio
import time
from collections.abc import Callable

from nodion_tui.config import Profile, with_key
from nodion_tui.model.errors import NoKey

PAUSE_SECONDS = 20.0
"""Between two times that a key command is asked for another key in vain."""


class KeyRenewal:
    """The profile with its newest key.

    Args:
        profile: with its key, and with the source that gave it.
        on_screen: the terminal is painted on, so a command may not ask for anything there.
        clock: monotonic seconds.
    """

    def __init__(
        self,
        profile: Profile,
        *,
        terminal_in_use: bool,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.profile = profile
        self._on_screen = terminal_in_use
        self._clock = clock
        self._not_before = float("-inf")

    async def renew(self) -> bool:
        """Ask the key command once more; whether there is another key now.

        Variables, files and keyrings are not asked: they change only when a person changes them.
        """
        source = self.profile.key_source
        if source is None or source.kind != "command" or self._clock() < self._not_before:
            return False
        try:
            fresh = await asyncio.to_thread(with_key, self.profile, terminal_in_use=self._on_screen)
        except NoKey:
            fresh = self.profile
        if fresh.key == self.profile.key:
            self._not_before = self._clock() + PAUSE_SECONDS
            return False
        self.profile = fresh
        return True
